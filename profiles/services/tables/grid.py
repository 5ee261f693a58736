"""From a file's bytes to a grid of cells: XLSX, XLS, CSV in UTF-8 or GBK."""

import csv
import io
import re
import zipfile
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook

from crm.common.records.files import TABLES, FileRefused, check_file

Grid = list[list[Any]]
MAX_ROWS = 200_000
MAX_COLUMNS = 300
_BARE_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*><f[^>]*>[^<]*</f>(?:<v\s*/>|<v></v>)?</c>')


def read_grid(*, name: str, content: bytes) -> Grid:
    """Return the first sheet that holds anything, as rows of cells.

    Raises FileRefused for a wrong type, a file too large, a zip bomb or one that is damaged.
    """
    stream = io.BytesIO(content)
    check_file(
        stream, name=name, size=len(content), allowed=TABLES, max_bytes=settings.IMPORT_MAX_BYTES
    )
    suffix = PurePath(name).suffix.lower()
    grid = _csv(content, name) if suffix == ".csv" else _workbook(stream, name)
    if not grid:
        raise FileRefused(_("“%(name)s” holds no table.") % {"name": name})
    if len(grid) > MAX_ROWS or max(map(len, grid)) > MAX_COLUMNS:
        raise FileRefused(
            _("“%(name)s” has more than %(rows)s rows or %(columns)s columns: split it.")
            % {"name": name, "rows": MAX_ROWS, "columns": MAX_COLUMNS}
        )
    return grid


def _csv(content: bytes, name: str) -> Grid:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding))))
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        _("“%(name)s” is neither UTF-8 nor GBK: save it from Excel as “CSV UTF-8”.")
        % {"name": name}
    )


def _refuse_unread_formulas(stream: io.BytesIO, name: str) -> None:
    """Refuse formulas that were never computed: a reader would take them for blanks."""
    with zipfile.ZipFile(stream) as archive:
        for part in archive.namelist():
            if not part.startswith("xl/worksheets/sheet"):
                continue
            found = _BARE_FORMULA.search(archive.read(part))
            if found:
                raise FileRefused(
                    _(
                        "Cell %(cell)s of “%(name)s” holds a formula without its result. "
                        "Open the file in Excel or WPS, paste the cells as values and save it."
                    )
                    % {"cell": found[1].decode(), "name": name}
                )
    stream.seek(0)


def _workbook(stream: io.BytesIO, name: str) -> Grid:
    if PurePath(name).suffix.lower() == ".xlsx":
        _refuse_unread_formulas(stream, name)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        for sheet in book.sheet_names:
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            if any(cell not in ("", None) for row in rows for cell in row):
                return rows
    except Exception:
        raise FileRefused(
            _("“%(name)s” is damaged. Open it in Excel or WPS and save it again.") % {"name": name}
        ) from None
    return []


def column_letter(index: int) -> str:
    """Return a column's letter as spreadsheets show it: 0 is A."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

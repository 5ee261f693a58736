"""XLSX exports: written row by row, and no cell can ever be run as a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import IO, Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from crm.common.days.clock import SHANGHAI

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY_STARTS = ("=", "+", "-", "@", "\t", "\r", "|", "%")
LONGEST_TEXT = 32_767
WIDEST_COLUMN = 60


def xlsx_response(name: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return a download of one sheet with a bold, frozen first row and filters.

    Texts that a spreadsheet could take for a formula are stored as quoted text.
    """
    stream = BytesIO()
    write_xlsx(stream, name, headers, rows)
    response = HttpResponse(stream.getvalue(), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.xlsx") or ""
    return response


def write_xlsx(
    stream: IO[bytes], title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write one sheet to a stream and return the number of rows below the head."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    for place, label in enumerate(headers, start=1):
        width = min(WIDEST_COLUMN, max(10, sum(2 if ord(c) > 255 else 1 for c in label) + 4))
        sheet.column_dimensions[get_column_letter(place)].width = width
    head = [safe_cell(sheet, label) for label in headers]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    count = 0
    for row in rows:
        sheet.append([safe_cell(sheet, value) for value in row])
        count += 1
    if headers:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{count + 1}"
    book.save(stream)
    return count


def safe_cell(sheet: Any, value: Any) -> Any:
    """Return a cell that holds the value as data: numbers, dates, or plain text."""
    if value is None or isinstance(value, bool | int | float | Decimal):
        shown: Any = (_("yes") if value else _("no")) if isinstance(value, bool) else value
        return WriteOnlyCell(sheet, value=shown)
    if isinstance(value, datetime):
        # Spreadsheets know no time zones: the wall clock of Shanghai is written.
        return WriteOnlyCell(sheet, value=value.astimezone(SHANGHAI).replace(tzinfo=None))
    if isinstance(value, date):
        plain: Any = value
        return WriteOnlyCell(sheet, value=plain)
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_TEXT]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if text.startswith(RISKY_STARTS):
        cell.quotePrefix = True
    return cell


def _sheet_title(title: str) -> str:
    kept = "".join(character for character in title if character not in "[]:*?/\\'")
    return kept.strip()[:31] or "Sheet1"

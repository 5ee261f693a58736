"""Foreign tables (XLSX, XLS, CSV), opened in a child process that has little to lose.

Whatever a file does to its reader, it does it within a memory, a time and an output that were
taken from the child before it looked: the worker that asked only reads rows. Every workbook that
comes into the product comes in here.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path, PurePath
from typing import IO, Any

from django.utils.translation import gettext as _

from crm.common.records.files import TABLES, FileRefused, check_file

Grid = list[list[Any]]
READER = Path(__file__).with_name("workbook_reader.py")
MAX_ROWS = 200_000
MAX_COLUMNS = 300
MEGABYTE = 1024 * 1024
LIMITS = {
    "rows": MAX_ROWS,
    "columns": MAX_COLUMNS,
    "cells": 2_000_000,
    "area": 6_000_000,
    "part": 160 * MEGABYTE,
    "all": 240 * MEGABYTE,
    "memory": 512 * MEGABYTE,
    "output": 128 * MEGABYTE,
    "seconds": 60,
}
# The child's clock counts its own work only; this one ends what waits for ever.
PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Faulty:
    """A cell that holds an error of the spreadsheet: #DIV/0!, #REF!."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Percent:
    """A number that the spreadsheet shows as a percent: 0.853 is shown as 85.3%."""

    number: float

    def __str__(self) -> str:
        return f"{self.number:%}"


@dataclass(slots=True)
class Sheet:
    """One sheet of a workbook; `merged` are rectangles (first row, column, last row, column)."""

    name: str = ""
    hidden: bool = False
    early_dates: bool = False
    hidden_rows: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    rows: Grid = field(default_factory=list)


def read_sheets(*, name: str, content: bytes, max_bytes: int) -> list[Sheet]:
    """Return every sheet with its rows; a CSV is one sheet without a name. Raises FileRefused.

    Errors of the spreadsheet and numbers shown as percents are cells of their own kinds.
    """
    with _answer(name, content, max_bytes, "all") as answer:
        sheets = list(_sheets(answer))
    if not any(sheet.rows for sheet in sheets):
        raise FileRefused(_("“%(name)s” holds no table.") % {"name": name})
    return sheets


def _sheets(answer: IO[bytes]) -> Iterator[Sheet]:
    sheet = None
    for line in answer:
        told = json.loads(line)
        if isinstance(told, list):
            sheet = sheet or Sheet()
            sheet.rows.append([_cell(cell) for cell in told])
            continue
        if sheet:
            yield sheet
        sheet = Sheet(
            told["sheet"],
            told["hidden"],
            told["early"],
            frozenset(told["hidden_rows"]),
            tuple((a, b, c, d) for a, b, c, d in told["merged"]),
        )
    if sheet:
        yield sheet


def read_workbook(*, name: str, content: bytes, max_bytes: int) -> Grid:
    """Return the first sheet that holds anything, as rows of cells without blanks at their ends.

    Raises FileRefused with what is wrong: the kind of file, its size, what it unpacks to, too
    many rows or columns, a formula without its result, damage, or that reading took too long.
    """
    with _answer(name, content, max_bytes) as answer:
        grid = [_row(line) for line in answer]
    if not grid:
        raise FileRefused(_("“%(name)s” holds no table.") % {"name": name})
    return grid


@contextmanager
def _answer(name: str, content: bytes, max_bytes: int, *how: str) -> Iterator[IO[bytes]]:
    """Let the child read a file; what it answered, after its head. Raises FileRefused."""
    check_file(BytesIO(content), name=name, size=len(content), allowed=TABLES, max_bytes=max_bytes)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(content)
        source.seek(0)
        code = _run(PurePath(name).suffix.lower(), source, answer, *how)
        answer.seek(0)
        head = _head(answer) if code == 0 else _fate(code)
        if "refused" in head:
            raise FileRefused(_sentence(head, name))
        yield answer


def _run(ending: str, source: IO[bytes], answer: IO[bytes], *how: str) -> int | None:
    """Run the reader; return its exit code, None when it had to be ended."""
    command = [sys.executable, "-I", str(READER), ending, json.dumps(LIMITS), *how]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no words of the user's
            command,
            stdin=source,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def _head(answer: IO[bytes]) -> dict[str, str]:
    try:
        head: dict[str, str] = json.loads(answer.readline())
    except ValueError:
        return {"refused": "damaged"}
    return head


def _fate(code: int | None) -> dict[str, str]:
    """Say what became of a reader that did not come back: time (24, 9), output (25) or memory."""
    if code in (None, -24, -9):
        return {"refused": "slow"}
    return {"refused": "long" if code == -25 else "unpacked"}


def _sentence(head: dict[str, str], name: str) -> str:
    words = {
        "unpacked": _(
            "“%(name)s” needs more than %(size)s MB once unpacked. Keep only the table in it, "
            "or split it."
        ),
        "long": _(
            "“%(name)s” has more rows than we can take: %(rows)s rows or %(cells)s cells are the "
            "most. Delete what stands below the table, or split it."
        ),
        "wide": _(
            "“%(name)s” has more than %(columns)s columns. Delete what stands beside the table, "
            "or split it."
        ),
        "slow": _(
            "Reading “%(name)s” took too long. Save it again from Excel or WPS, or split it."
        ),
        "encoding": _("“%(name)s” is neither UTF-8 nor GBK: save it from Excel as “CSV UTF-8”."),
        "formula": _(
            "Cell %(cell)s of “%(name)s” holds a formula without its result. "
            "Open the file in Excel or WPS, paste the cells as values and save it."
        ),
        "damaged": _("“%(name)s” is damaged. Open it in Excel or WPS and save it again."),
    }
    return words[head["refused"]] % {
        "name": name,
        "cell": head.get("cell", ""),
        "rows": f"{LIMITS['rows']:,}",
        "cells": f"{LIMITS['cells']:,}",
        "columns": LIMITS["columns"],
        "size": LIMITS["part"] // MEGABYTE,
    }


def _row(line: bytes) -> list[Any]:
    return [_cell(cell) for cell in json.loads(line)]


def _cell(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if "error" in cell:
        return Faulty(cell["error"])
    if "percent" in cell:
        return Percent(cell["percent"])
    if "day" in cell:
        return date.fromisoformat(cell["day"])
    return datetime.fromisoformat(cell["moment"])

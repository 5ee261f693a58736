"""Foreign tables (XLSX, XLS, CSV), opened in a child process that has little to lose.

Whatever a file does to its reader, it does it within a memory, a time and an output that were
taken from the child before it looked: the worker that asked only reads rows. Every workbook that
comes into the product comes in here.
"""

import json
import subprocess
import sys
import tempfile
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


def read_workbook(*, name: str, content: bytes, max_bytes: int) -> Grid:
    """Return the first sheet that holds anything, as rows of cells without blanks at their ends.

    Raises FileRefused with what is wrong: the kind of file, its size, what it unpacks to, too
    many rows or columns, a formula without its result, damage, or that reading took too long.
    """
    check_file(BytesIO(content), name=name, size=len(content), allowed=TABLES, max_bytes=max_bytes)
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as answer:
        source.write(content)
        source.seek(0)
        code = _run(PurePath(name).suffix.lower(), source, answer)
        answer.seek(0)
        head = _head(answer) if code == 0 else _fate(code)
        if "refused" in head:
            raise FileRefused(_sentence(head, name))
        grid = [_row(line) for line in answer]
    if not grid:
        raise FileRefused(_("“%(name)s” holds no table.") % {"name": name})
    return grid


def _run(ending: str, source: IO[bytes], answer: IO[bytes]) -> int | None:
    """Run the reader; return its exit code, None when it had to be ended."""
    command = [sys.executable, "-I", str(READER), ending, json.dumps(LIMITS)]
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
    if "day" in cell:
        return date.fromisoformat(cell["day"])
    return datetime.fromisoformat(cell["moment"])

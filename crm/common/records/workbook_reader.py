"""The child process that opens a foreign table; run by its path, it imports nothing of ours.

Usage: workbook_reader.py ENDING LIMITS, the file on standard input, its rows on standard output
(JSON lines: a head that says whether it was read, then one list a row). Before it looks at
the file it takes its own memory, processor time and output away; see crm.common.records.workbooks.
"""

import csv
import io
import itertools
import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

STEP = 1024 * 1024
LOCAL_HEADER = struct.Struct("<4s22xHH")
SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml$", re.I)
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
Row = list[Any]


class Refused(Exception):
    """Why the file is not read, as a word the parent makes a sentence of."""

    def __init__(self, why: str, **told: Any) -> None:
        super().__init__(why)
        self.head = {"refused": why, **told}


class Bounds:
    """How far the filled cells reach; raises Refused as soon as they reach too far."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.limits, self.rows, self.columns, self.cells = limits, 0, 0, 0

    def reach(self, row: int, column: int, cells: int = 1) -> None:
        """Take a filled cell (or the end of a row of them) into account."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        self.cells += cells
        if self.columns > self.limits["columns"]:
            raise Refused("wide")
        area = self.rows * self.columns
        if (
            self.rows > self.limits["rows"]
            or self.cells > self.limits["cells"]
            or area > self.limits["area"]
        ):
            raise Refused("long")


class SheetScan:
    """One pass over a sheet's XML: the bounds of its filled cells, formulas never computed."""

    def __init__(self, limits: dict[str, int]) -> None:
        self.bounds = Bounds(limits)
        self.row = self.column = 0
        self.inside = ""
        self.formula = self.filled = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_words: Any) -> None:
        raise Refused("damaged")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.inside = name.rpartition(":")[2]
        if self.inside == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif self.inside == "c":
            self._place(attributes.get("r", ""))
            self.formula = self.filled = False
        elif self.inside == "f":
            self.formula = True

    def _place(self, reference: str) -> None:
        found = REFERENCE.fullmatch(reference)
        self.column += 1
        if found:
            self.column = 0
            for letter in found[1]:
                self.column = self.column * 26 + ord(letter) - 64
            self.row = int(found[2])

    def _text(self, text: str) -> None:
        if self.inside in ("v", "t") and text:
            self.filled = True

    def _end(self, name: str) -> None:
        self.inside = ""
        if name.rpartition(":")[2] != "c":
            return
        if self.filled:
            self.bounds.reach(self.row, self.column)
        elif self.formula:
            raise Refused("formula", cell=f"{letters(self.column)}{self.row}")


def letters(column: int) -> str:
    """Return a column's letters: 1 is A."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def unpacked(content: bytes, info: zipfile.ZipInfo, budget: int) -> Iterator[bytes]:
    """Yield what a part really holds, whatever its headers say; raises Refused beyond a budget."""
    start = info.header_offset
    magic, name, extra = LOCAL_HEADER.unpack(content[start : start + LOCAL_HEADER.size])
    if magic != b"PK\x03\x04" or info.flag_bits & 1:
        raise Refused("damaged")
    start += LOCAL_HEADER.size + name + extra
    packed = memoryview(content)[start : start + info.compress_size]
    found = 0
    for chunk in _inflated(packed, info.compress_type):
        found += len(chunk)
        if found > budget:
            raise Refused("unpacked")
        yield chunk
    if found != info.file_size:
        raise Refused("damaged")


def _inflated(packed: memoryview, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if method != zipfile.ZIP_DEFLATED:
        raise Refused("damaged")
    inflater = zlib.decompressobj(-15)
    rest = bytes(packed)
    while rest and not inflater.eof:
        chunk = inflater.decompress(rest, STEP)
        rest = inflater.unconsumed_tail
        yield chunk


def check_workbook(content: bytes, limits: dict[str, int]) -> None:
    """Unpack every part once, within its budget, and read the bounds of the sheets."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
    total = 0
    for info in infos:
        scan = SheetScan(limits) if SHEET.match(info.filename) else None
        for chunk in unpacked(content, info, limits["part"]):
            total += len(chunk)
            if total > limits["all"]:
                raise Refused("unpacked")
            if scan:
                scan.parser.Parse(chunk, False)
        if scan:
            scan.parser.Parse(b"", True)


def workbook_rows(content: bytes, limits: dict[str, int]) -> Iterable[Row]:
    """Return the first sheet that holds anything."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        if sheet.start is None or sheet.end is None:
            continue
        Bounds(limits).reach(sheet.end[0] + 1, sheet.end[1] + 1, 0)
        # Rows come from the first on, their cells only from the first filled column on.
        left = [""] * sheet.start[1]
        return (left + list(row) for row in sheet.iter_rows())
    return []


def csv_rows(content: bytes) -> Iterable[Row]:
    """Return the rows of a CSV in UTF-8 or GBK."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return csv.reader(io.StringIO(content.decode(encoding), newline=""))
        except UnicodeDecodeError:
            continue
    raise Refused("encoding")


def plain(cell: Any) -> Any:
    """Return a cell as JSON has it; days and moments under a key of their own."""
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    if isinstance(cell, datetime):
        return {"moment": cell.isoformat()}
    return {"day": cell.isoformat()} if isinstance(cell, date) else str(cell)


def told(rows: Iterable[Row], limits: dict[str, int]) -> Iterator[str]:
    """Yield the rows as JSON without the blanks at their ends; raises Refused beyond the limits."""
    bounds, blank = Bounds(limits), 0
    for number, row in enumerate(rows, start=1):
        cells = [plain(cell) for cell in row]
        while cells and cells[-1] in ("", None):
            cells.pop()
        if not cells:
            blank += 1
            continue
        bounds.reach(number, len(cells), len(cells))
        yield from itertools.repeat("[]\n", blank)
        blank = 0
        yield json.dumps(cells, ensure_ascii=False) + "\n"


def read(ending: str, limits: dict[str, int]) -> Iterator[str]:
    """Read standard input as a table."""
    content = sys.stdin.buffer.read()
    if ending == ".csv":
        return told(csv_rows(content), limits)
    if ending == ".xlsx":
        check_workbook(content, limits)
    return told(workbook_rows(content, limits), limits)


def main() -> None:
    """Give up what is not needed, read, answer."""
    ending, limits = sys.argv[1], json.loads(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["output"], limits["output"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = sys.stdout
    try:
        out.write("{}\n")
        out.writelines(read(ending, limits))
        out.flush()
    except Refused as refused:
        head = refused.head
    except MemoryError:
        head = {"refused": "unpacked"}
    except OSError:
        head = {"refused": "long"}
    except Exception:
        head = {"refused": "damaged"}
    else:
        return
    out.seek(0)
    out.truncate()
    out.write(json.dumps(head) + "\n")


if __name__ == "__main__":
    main()

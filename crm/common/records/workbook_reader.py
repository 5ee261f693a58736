"""The child process that opens a foreign table; run by its path, it imports nothing of ours.

Usage: workbook_reader.py ENDING LIMITS [all], the file on standard input, its rows on standard
output (JSON lines: a head that says whether it was read, then one list a row; with "all", every
sheet, each after an object that says what it is). Before it looks at the file it takes its own
memory, processor time and output away; see crm.common.records.workbooks.
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
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook

STEP = 1024 * 1024
LOCAL_HEADER = struct.Struct("<4s22xHH")
SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml$", re.I)
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# The parts of a workbook that say what its sheets are called and which cells show percents.
BOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
PERCENT_FORMATS = {9, 10}
DELIMITERS = ",;\t"
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

    def __init__(
        self, limits: dict[str, int], is_percent: Callable[[int], bool] = lambda _style: False
    ) -> None:
        self.bounds = Bounds(limits)
        self.row = self.column = 0
        self.inside = ""
        self.formula = self.filled = False
        self.style, self.error = 0, ""
        self.is_percent = is_percent
        self.percents: set[tuple[int, int]] = set()
        self.errors: dict[tuple[int, int], str] = {}
        self.hidden: list[int] = []
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
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.append(self.row)
        elif self.inside == "c":
            self._place(attributes.get("r", ""))
            self.formula = self.filled = False
            self.style = int(attributes.get("s", 0))
            self.error = "#" if attributes.get("t") == "e" else ""
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
            if self.error:
                self.error = text

    def _end(self, name: str) -> None:
        self.inside = ""
        if name.rpartition(":")[2] != "c":
            return
        if self.filled:
            self.bounds.reach(self.row, self.column)
            if self.style and self.is_percent(self.style):
                self.percents.add((self.row, self.column))
            if self.error:
                self.errors[self.row, self.column] = self.error
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


class BookScan:
    """What the small parts say: sheets by name, where each stands, styles that show percents."""

    def __init__(self) -> None:
        self.sheets: dict[str, str] = {}
        self.targets: dict[str, str] = {}
        self.formats: dict[int, str] = {}
        self.styles: list[int] = []
        self.in_cells = self.early = False
        self.known: dict[int, bool] = {}

    def parser(self) -> Any:
        """Return a parser for one more part."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "sheet":
            key = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            self.sheets[attributes.get("name", "")] = key
        elif tag == "workbookPr":
            self.early = attributes.get("date1904") in ("1", "true")
        elif tag == "Relationship":
            target = attributes.get("Target", "").rpartition("/")[2]
            self.targets[attributes.get("Id", "")] = target
        elif tag == "numFmt":
            self.formats[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self.in_cells = True
        elif tag == "xf" and self.in_cells:
            self.styles.append(int(attributes.get("numFmtId", 0)))

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "cellXfs":
            self.in_cells = False

    def is_percent(self, style: int) -> bool:
        """Say whether a cell of a style shows its number a hundred times larger."""
        if style not in self.known:
            number = self.styles[style] if style < len(self.styles) else 0
            code = re.sub(r'"[^"]*"|\\.', "", self.formats.get(number, ""))
            self.known[style] = number in PERCENT_FORMATS or "%" in code
        return self.known[style]

    def file_of(self, sheet: str) -> str:
        """Return the name of the part a sheet stands in."""
        return self.targets.get(self.sheets.get(sheet, ""), "")


def check_workbook(content: bytes, limits: dict[str, int]) -> tuple[BookScan, dict[str, SheetScan]]:
    """Unpack every part once, within its budget, and read what calamine does not tell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
    total = 0
    book, scans = BookScan(), {}
    # The styles before the sheets that wear them.
    for info in sorted(infos, key=lambda info: bool(SHEET.match(info.filename))):
        parser = None
        if SHEET.match(info.filename):
            scan = scans[info.filename.rpartition("/")[2]] = SheetScan(limits, book.is_percent)
            parser = scan.parser
        elif info.filename.lstrip("/") in (BOOK, RELATIONS, STYLES):
            parser = book.parser()
        for chunk in unpacked(content, info, limits["part"]):
            total += len(chunk)
            if total > limits["all"]:
                raise Refused("unpacked")
            if parser:
                parser.Parse(chunk, False)
        if parser:
            parser.Parse(b"", True)
    return book, scans


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


def all_sheets(content: bytes, limits: dict[str, int], *, scanned: bool) -> Iterator[str]:
    """Yield every sheet: what it is, then its rows; errors and percents by their marks."""
    book, scans = check_workbook(content, limits) if scanned else (BookScan(), {})
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for about in workbook.sheets_metadata:
        if "WorkSheet" not in str(about.typ):
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        scan = scans.get(book.file_of(about.name), SheetScan(limits))
        shown = str(about.visible).rpartition(".")[2] == "Visible"
        told_of = {"sheet": about.name, "hidden": not shown, "early": book.early} | {
            "hidden_rows": scan.hidden[:2000],
            "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or ()],
        }
        yield json.dumps(told_of, ensure_ascii=False) + "\n"
        end = sheet.end or (0, 0)
        Bounds(limits).reach(end[0] + 1, end[1] + 1, 0)
        left = [""] * sheet.start[1] if sheet.start else []
        rows = (left + list(row) for row in sheet.iter_rows()) if sheet.end else iter(())
        yield from told(_marked(rows, scan), limits)


def _marked(rows: Iterable[Row], scan: SheetScan) -> Iterator[Row]:
    """Put back what calamine leaves out: errors, and that a number is shown as a percent."""
    special: dict[int, list[int]] = {}
    for number, column in scan.percents | set(scan.errors):
        special.setdefault(number, []).append(column)
    for number, cells in enumerate(rows, start=1):
        row = cells
        for column in special.get(number, ()):
            row = [*row, *[""] * (column - len(row))]
            if (number, column) in scan.errors:
                row[column - 1] = Marked("error", scan.errors[number, column])
            elif isinstance(row[column - 1], int | float):
                row[column - 1] = Marked("percent", row[column - 1])
        yield row


class Marked:
    """A cell with a mark: an error, or a number shown as a percent."""

    def __init__(self, mark: str, value: Any) -> None:
        self.json = {mark: value}


def csv_rows(content: bytes) -> Iterable[Row]:
    """Return the rows of a CSV in UTF-8 or GBK, parted by commas, semicolons or tabs."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    raise Refused("encoding")


def _delimiter(text: str) -> str:
    """Return what parts the cells: the mark that most lines have alike; commas when in doubt."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]

    def alike(mark: str) -> int:
        counts = [line.count(mark) for line in lines]
        return max((counts.count(one) * (one > 0) for one in set(counts)), default=0)

    return max(DELIMITERS, key=lambda mark: (alike(mark), -DELIMITERS.index(mark)))


def plain(cell: Any) -> Any:
    """Return a cell as JSON has it; days and moments under a key of their own."""
    if cell is None or isinstance(cell, str | int | float | bool):
        return cell
    if isinstance(cell, Marked):
        return cell.json
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


def read(ending: str, limits: dict[str, int], *, every: bool = False) -> Iterator[str]:
    """Read standard input as a table, or as all the sheets it has."""
    content = sys.stdin.buffer.read()
    if ending == ".csv":
        return told(csv_rows(content), limits)
    if every:
        return all_sheets(content, limits, scanned=ending == ".xlsx")
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
        out.writelines(read(ending, limits, every=sys.argv[3:] == ["all"]))
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

"""How the nasty workbooks are made: bytes of XLSX and CSV from rows, and what is expected of them."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook
from openpyxl.utils import range_boundaries

FIRMS = {
    "A": ("91429006MA4TE5T05F", "湖北江汉泵业有限公司"),
    "B": ("91429006MA4DEM010F", "天门景陵纺织有限公司"),
    "C": ("91429006MAFAKE991E", "湖北沉湖农装农机有限公司"),
}
CODE, NAME = "统一社会信用代码", "企业名称"
JULY = "2024年7月"
Rows = list[list[object]]


def firm(letter: str, *cells: object) -> list[object]:
    """A row of one of the three firms."""
    return [*FIRMS[letter], *cells]


def sheet(
    rows: Rows,
    *,
    title: str = "Sheet1",
    merged: tuple[str, ...] = (),
    formats=None,
    hidden_rows: tuple[int, ...] = (),
    state: str = "visible",
    errors: tuple[str, ...] = (),
):
    """What one sheet of a workbook holds."""
    return (rows, title, merged, formats or {}, hidden_rows, state, errors)


def book(*sheets) -> bytes:
    """A workbook of sheets."""
    made = Workbook()
    made.remove(made.active)
    for rows, title, merged, formats, hidden, state, errors in sheets:
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
        for cell, form in formats.items():
            page[cell].number_format = form
        for cell in errors:
            page[cell].data_type = "e"
        for area in merged:
            range_boundaries(area)
            page.merge_cells(area)
        for number in hidden:
            page.row_dimensions[number].hidden = True
        page.sheet_state = state
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def table(heads: list[object], *rows: list[object], above: Rows | None = None, **more) -> bytes:
    """A workbook of one plain table: a title of July, a line of heads, rows."""
    lines = [[f"{JULY}情况表"]] if above is None else above
    return book(sheet([*lines, [CODE, NAME, *heads], *rows], **more))


def text(rows: Rows, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue().encode(encoding)


def month(number: int, year: int = 2024) -> tuple[date, date]:
    """First and last day of a month."""
    return span(number, number, year)


def span(first: int, last: int, year: int = 2024) -> tuple[date, date]:
    """First and last day of some months."""
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), date.fromordinal(after.toordinal() - 1)


@dataclass(frozen=True)
class Case:
    """One workbook: what must be read of it, or what must be refused or asked, and where."""

    key: str
    department: str
    content: bytes
    name: str = "表.xlsx"
    # (firm, indicator, first day, last day, cumulative) to the number or the text.
    reads: dict = field(default_factory=dict)
    # Kinds of the questions that must be asked, and answers by kind for a second reading.
    asks: tuple[str, ...] = ()
    answers: dict = field(default_factory=dict)
    # Cells that must be refused, exactly; or words of a refusal of the whole file.
    refuses: tuple[str, ...] = ()
    says: str = ""
    # How many rows must stand on the list to review, and what must be named as left.
    review: int = 0
    left: int = 0


def got(
    indicator: str, days: tuple[date, date] | None = None, *, cumulative: bool = False, **firms
):
    """Expected values of one indicator: A=812.5, B=0."""
    start, end = days or month(7)
    return {(f, indicator, start, end, cumulative): value for f, value in firms.items()}

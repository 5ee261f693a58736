"""Where on a sheet the tables are: title, heads, columns, rows of data, totals, notes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from profiles.services.tables.cells import fold, is_missing
from profiles.services.tables.grid import Grid, Sheet
from profiles.services.tables.heads import is_code, is_name, words
from profiles.services.tables.units import units_in_line

_TOTAL = re.compile(r".{0,12}?(?:合计|总计|小计|共计|平均|汇总)(?:数|户数?)?(?:\(.*\))?[::]?")
_NOTE = re.compile(
    r"注\d*[::.、]|注$|备注[::]|说明[::]|填表|制表|审核|单位负责|填报|负责人|统计负责|经办|报送|数据来源|联系"
)
_NUMBERING = re.compile(r"[甲乙丙丁戊己]|\(?\d{1,2}\)?|[A-Z]|[①-⑳]|序号|栏次|行次")
_NUMBER = re.compile(r"[-+(]?[\d,.]+%?\)?")
MOST_HEADS = 4
MOST_ABOVE = 8


class LayoutProblem(Exception):
    """A sheet that cannot be read as it stands: which cell, and which way it is drawn."""

    def __init__(self, row: int, column: int, why: str) -> None:
        super().__init__(why)
        self.row, self.column, self.why = row, column, why


@dataclass(slots=True)
class Column:
    """A column that is not a key: its place and the words above it, top to bottom."""

    index: int
    parts: list[str]
    row: int

    @property
    def header(self) -> str:
        """The words as they are shown."""
        return "·".join(self.parts)


@dataclass(slots=True)
class Table:
    """A table found on a sheet; rows and columns count from 0."""

    sheet: Sheet
    top: int
    code_column: int | None
    name_column: int | None
    columns: list[Column] = field(default_factory=list)
    data_rows: list[int] = field(default_factory=list)
    orphans: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    lines: list[list[Any]] = field(default_factory=list)
    notes: list[list[Any]] = field(default_factory=list)

    def cell(self, row: int, column: int | None) -> Any:
        """Return a cell, blank beyond the row's end."""
        return _at(self.sheet.rows[row], column)

    @property
    def key_column(self) -> int:
        """The column by which a row's enterprise is named."""
        return self.code_column if self.code_column is not None else self.name_column or 0


def find_tables(sheet: Sheet) -> list[Table]:
    """Return the tables below one another on a sheet; raises LayoutProblem for other ways."""
    grid = sheet.rows
    tops = [n for n, row in enumerate(grid) if any(is_code(cell) for cell in row)]
    tops = [n for n in tops if n - 1 not in tops or _codes_below(grid, n)]
    if not tops:
        named = (n for n, row in enumerate(grid[:30]) if _is_name_head(row))
        tops = [top for top in [next(named, None)] if top is not None]
    tables: list[Table] = []
    begin = 0
    for place, top in enumerate(tops):
        end = _preamble(grid, tops[place + 1]) if place + 1 < len(tops) else len(grid)
        table = _table(sheet, begin, top, max(end, top + 1))
        if tables and not table.lines:
            # The page was broken and the heads repeated: what stood above still holds.
            table.lines, table.notes = tables[-1].lines, tables[-1].notes
        tables.append(table)
        begin = end
    return tables


def _codes_below(grid: Grid, top: int) -> bool:
    index = next(i for i, cell in enumerate(grid[top]) if is_code(cell))
    return any(looks_like_code(_at(row, index)) for row in grid[top + 1 : top + 4])


def _is_name_head(row: list[Any]) -> bool:
    filled = [cell for cell in row if fold(cell)]
    return (
        len(filled) > 1
        and any(is_name(cell) for cell in filled)
        and not any(_NUMBER.fullmatch(fold(cell)) for cell in filled)
    )


def _preamble(grid: Grid, top: int) -> int:
    """Return where the lines above a further table begin."""
    number = top
    while number and top - number < MOST_ABOVE:
        row = grid[number - 1]
        if any(looks_like_code(cell) for cell in row) or _label(row, _TOTAL):
            break
        if sum(bool(_NUMBER.fullmatch(fold(cell))) for cell in row) > 1:
            break
        number -= 1
    return number


def _table(sheet: Sheet, begin: int, top: int, end: int) -> Table:
    grid = sheet.rows
    codes = [i for i, cell in enumerate(grid[top]) if is_code(cell)]
    if len(codes) > 1:
        raise LayoutProblem(top, codes[1], "beside")
    code = codes[0] if codes else None
    if code is not None and sum(looks_like_code(cell) for cell in grid[top][code + 1 :]) > 1:
        raise LayoutProblem(top, code, "across")
    name = next((i for i, cell in enumerate(grid[top]) if is_name(cell) and i != code), None)
    table = Table(sheet, top, code, name)
    first = _first_row(table, end)
    groups = _groups_above(table, begin)
    heads = [n for n in (*groups, *range(top, first)) if _is_head(grid[n], n == top)]
    _read_heads(table, heads, end)
    table.lines = [row for n, row in enumerate(grid[begin:first], begin) if n not in heads]
    _spread_keys(table, first, end)
    for number in range(first, end):
        _sort_row(table, number)
    return table


def _first_row(table: Table, end: int) -> int:
    """Return the first row below the heads."""
    grid, number = table.sheet.rows, table.top + 1
    while number < end and number <= table.top + MOST_HEADS:
        row = grid[number]
        keys = [
            fold(table.cell(number, i))
            for i in (table.code_column, table.name_column)
            if i is not None
        ]
        numbers = any(_NUMBER.fullmatch(fold(cell)) for cell in row)
        repeated = {
            words(_at(grid[table.top], i))
            for i in (table.code_column, table.name_column)
            if i is not None
        }
        if not _is_numbering(row) and (
            (any(keys) and not set(keys) <= repeated | {""}) or numbers or _label(row, _TOTAL)
        ):
            break
        number += 1
    return number


def _is_numbering(row: list[Any]) -> bool:
    filled = [fold(cell) for cell in row if fold(cell)]
    return len(filled) > 1 and all(_NUMBERING.fullmatch(text) for text in filled)


def _is_head(row: list[Any], is_top: bool) -> bool:
    filled = [fold(cell) for cell in row if fold(cell)]
    if is_top:
        return True
    alone = len(filled) == 1 and (len(filled[0]) > 12 or units_in_line(filled[0]) is not None)
    return bool(filled) and not _is_numbering(row) and not alone


def _groups_above(table: Table, begin: int) -> list[int]:
    """Return the rows directly above the keys that head groups of columns."""
    found: list[int] = []
    grid, number = table.sheet.rows, table.top - 1
    keys = [i for i in (table.code_column, table.name_column) if i is not None]
    while number >= begin and len(found) < 2:
        filled = [(i, fold(cell)) for i, cell in enumerate(grid[number]) if fold(cell)]
        plain = all(
            i > max(keys) and len(text) <= 20 and not re.search(r"[::]", text) and not _is_day(text)
            for i, text in filled
        )
        merged = any(
            r0 <= number <= r1 and c0 > max(keys) for r0, c0, r1, _c1 in table.sheet.merged
        )
        if not filled or not plain or (len(filled) == 1 and not merged):
            break
        found.insert(0, number)
        number -= 1
    return found


def _is_day(text: str) -> bool:
    return bool(re.search(r"\d{1,2}[月/.-]\d{1,2}日?$", text))


def _read_heads(table: Table, heads: list[int], end: int) -> None:
    """Join the head rows column by column; a merged cell speaks for all it covers."""
    grid = table.sheet.rows
    width = max(len(row) for row in grid[heads[0] : end])
    inside = [m for m in table.sheet.merged if m[0] in heads]
    filled: dict[tuple[int, int], str] = {}
    for depth, number in enumerate(heads):
        carried = ""
        across = any(m[0] == number and m[3] > m[1] for m in inside)
        for index in range(width):
            text = words(_at(grid[number], index))
            below = any(words(_at(grid[later], index)) for later in heads[depth + 1 :])
            carried = text or (carried if below and not across else "")
            filled[number, index] = carried
    for r0, c0, r1, c1 in inside:
        for number in range(r0, r1 + 1):
            for index in range(c0, min(c1 + 1, width)):
                filled[number, index] = filled.get((number, index)) or words(_at(grid[r0], c0))
    keys = {table.code_column, table.name_column}
    for index in range(width):
        parts = list(dict.fromkeys(filled[n, index] for n in heads if filled[n, index]))
        if index not in keys:
            last = next((n for n in reversed(heads) if words(_at(grid[n], index))), table.top)
            table.columns.append(Column(index, parts, last))


def _spread_keys(table: Table, first: int, end: int) -> None:
    """A code or name merged over several rows stands in each of them."""
    grid = table.sheet.rows
    for r0, c0, r1, _c1 in table.sheet.merged:
        if first <= r0 < end and c0 in (table.code_column, table.name_column):
            for number in range(r0 + 1, min(r1 + 1, end, len(grid))):
                row = grid[number]
                row += [""] * (c0 + 1 - len(row))
                row[c0] = row[c0] or grid[r0][c0]


def _sort_row(table: Table, number: int) -> None:
    """Put a row where it belongs: data, total, note, or numbers that are nobody's."""
    row = table.sheet.rows[number]
    filled = [cell for cell in row if fold(cell)]
    if not filled:
        return
    code, name = table.cell(number, table.code_column), table.cell(number, table.name_column)
    has_values = any(
        not is_missing(_at(row, column.index)) for column in table.columns if column.parts
    )
    if looks_like_code(code) and table.code_column is not None:
        table.data_rows.append(number)
    elif _label(row[: _last_key(table) + 2], _TOTAL):
        table.totals.append(number)
    elif _NOTE.match(fold(filled[0])) or not (has_values or fold(code)):
        table.notes.append(row)
    elif fold(code) or fold(name):
        table.data_rows.append(number)
    elif len(filled) == 1 and not _NUMBER.fullmatch(fold(filled[0])):
        table.notes.append(row)
    else:
        table.orphans.append(number)


def _last_key(table: Table) -> int:
    return max(i for i in (table.code_column, table.name_column, 0) if i is not None)


def _label(row: list[Any], pattern: re.Pattern[str]) -> bool:
    return any(
        pattern.fullmatch(re.sub(r"\s", "", fold(cell))) for cell in row if isinstance(cell, str)
    )


def _at(row: list[Any], index: int | None) -> Any:
    return row[index] if index is not None and index < len(row) else ""


def looks_like_code(cell: object) -> bool:
    """Say whether a cell could be a credit code, well or badly written."""
    text = re.sub(r"[\s'\"“”‘’`]", "", fold(cell))
    return bool(re.fullmatch(r"[0-9A-Za-z]{15,20}", text))


def lines_of(table: Table) -> Iterator[list[Any]]:
    """Yield what stands above a table, then what stands below it."""
    yield from table.lines
    yield from table.notes

"""Where in the grid the table is: title, header rows, columns, data rows, period."""

import calendar
import re
from dataclasses import dataclass
from datetime import date

from profiles.services.tables.cells import fold
from profiles.services.tables.grid import Grid

_CODE = re.compile(r"统一社会信用代码|信用代码|社会信用码")
_NAME = re.compile(r"企业名称|单位名称|纳税人名称|用户名称|户名|^名称$")
_UNIT = re.compile(r"[（(\[]([^（()）\]]+)[）)\]]\s*$")
_END = re.compile(r"^(合\s*计|总\s*计|小\s*计|注[:：]|说明[:：]|填表人|制表|审核|单位负责人|填报)")
_UNITS = frozenset(
    [
        "元",
        "千元",
        "万元",
        "亿元",
        "美元",
        "万美元",
        "千瓦时",
        "度",
        "万千瓦时",
        "亿千瓦时",
        "立方米",
        "人",
        "件",
        "次",
        "月",
        "亩",
        "平方米",
        "吨",
        "吨标准煤",
        "千伏安",
        "小时",
        "%",
        "元/月",
    ]
)


@dataclass(frozen=True, slots=True)
class Column:
    """One data column: its place, the words of its header, the unit they name."""

    index: int
    header: str
    unit: str
    cumulative: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """A table found in a grid."""

    title: str
    code_column: int
    name_column: int | None
    columns: tuple[Column, ...]
    data_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The period a file speaks of; `cumulative` when it counts from January."""

    year: int
    month: int
    cumulative: bool = False

    @property
    def last_day(self) -> date:
        """The last day of the month the file speaks of."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def period(self, kind: str) -> tuple[date, date]:
        """Return first and last day of the month, quarter or year, or the snapshot's day."""
        end = self.last_day
        if kind == "month":
            return date(self.year, self.month, 1), end
        if kind == "quarter":
            first = 3 * ((self.month - 1) // 3) + 1
            close = calendar.monthrange(self.year, first + 2)[1]
            return date(self.year, first, 1), date(self.year, first + 2, close)
        if kind == "year":
            return date(self.year, 1, 1), date(self.year, 12, 31)
        return end, end


def find_span(text: str) -> Span | None:
    """Read the period out of a title: 2024年8月, 2024年1-8月, 2024年第二季度, 2024年度."""
    folded = fold(text).replace(" ", "")
    if found := re.search(r"(20\d\d)年0?1[-—–~至到]0?(\d{1,2})月", folded):
        return Span(int(found[1]), int(found[2]), cumulative=True)
    if found := re.search(r"(20\d\d)[年.-](\d{1,2})月?", folded):
        month = int(found[2])
        return Span(int(found[1]), month) if 1 <= month <= 12 else None
    if found := re.search(r"(20\d\d)年第?([一二三四1-4])季度", folded):
        quarter = "一二三四".find(found[2]) + 1 or int(found[2])
        return Span(int(found[1]), quarter * 3)
    if found := re.search(r"(20\d\d)年度?", folded):
        return Span(int(found[1]), 12)
    return None


def find_layout(grid: Grid) -> Layout | None:
    """Find the header with the credit-code column, however many rows it has; None without one."""
    for top, row in enumerate(grid[:30]):
        for index, cell in enumerate(row):
            if _CODE.search(fold(cell)):
                return _layout(grid, top, index)
    return None


def _layout(grid: Grid, top: int, code_column: int) -> Layout:
    first = next(
        (n for n in range(top + 1, len(grid)) if _looks_like_code(_at(grid[n], code_column))),
        len(grid),
    )
    # A header of two rows begins above the code cell when the code cell stands in its second.
    header_rows = [grid[n] for n in range(top, min(first, top + 3)) if _is_header(grid[n])]
    words = _merge_headers(header_rows)
    table_unit = _table_unit(grid[:first])
    name_column = next((i for i, text in enumerate(words) if _NAME.search(text)), None)
    columns = tuple(
        _column(i, text, table_unit)
        for i, text in enumerate(words)
        if text
        and i not in (code_column, name_column)
        and not re.fullmatch(r"序号|备注|编号", text)
    )
    title = " ".join(fold(cell) for row in grid[:top] for cell in row if fold(cell))
    data = []
    for number in range(first, len(grid)):
        lead = next((fold(cell) for cell in grid[number] if fold(cell)), "")
        if _END.match(lead):
            break
        if lead:
            data.append(number)
    return Layout(title, code_column, name_column, columns, tuple(data))


def _is_header(row: list[object]) -> bool:
    return any(fold(cell) for cell in row)


def _at(row: list[object], index: int) -> object:
    return row[index] if index < len(row) else ""


def _looks_like_code(cell: object) -> bool:
    return bool(re.fullmatch(r"[0-9A-Za-z]{15,20}", fold(cell).replace(" ", "")))


def _merge_headers(rows: list[list[object]]) -> list[str]:
    """Join header rows column by column; a merged cell speaks for the columns to its right."""
    width = max((len(row) for row in rows), default=0)
    merged: list[list[str]] = []
    for depth, row in enumerate(rows):
        texts, carried = [], ""
        for index in range(width):
            text = fold(_at(row, index)).replace("\n", "")
            below = any(fold(_at(later, index)) for later in rows[depth + 1 :])
            carried = text or (carried if below else "")
            texts.append(carried)
        merged.append(texts)
    return ["·".join(dict.fromkeys(t[i] for t in merged if t[i])) for i in range(width)]


def _table_unit(rows: Grid) -> str:
    for row in rows:
        for cell in row:
            if found := re.match(r"(?:金额)?单位[:：]\s*(\S+)", fold(cell)):
                return found[1] if found[1] in _UNITS else ""
    return ""


def _column(index: int, words: str, table_unit: str) -> Column:
    unit, named, cumulative = "", [], False
    for raw in words.split("·"):
        found = _UNIT.search(raw)
        part = raw
        if found and found[1] in _UNITS:
            unit, part = unit or found[1], _UNIT.sub("", raw)
        if part in _UNITS:
            unit = unit or part
        elif re.search(r"累计|1-本月", part):
            cumulative = True
        elif part and not re.fullmatch(r"本月|本期|当月", part):
            named.append(part)
    return Column(index, named[-1] if named else words, unit or table_unit, cumulative)

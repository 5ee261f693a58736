"""The period a table, a column or a row speaks of: read where it stands, never guessed."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from profiles.enums import PeriodKind
from profiles.services.tables.cells import fold

MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_FILLED_IN = re.compile(
    r"(?:填报|填表|制表|报送|上报|打印|导出|编制|更新|提取|查询|出表|报出|发布)"
    r"(?:日期|时间|日)?[::]?\s*\d{2,4}[-/.年]\d{1,2}[-/.月]?\d{0,2}日?|(?:日期|时间)[::]?.*"
)
_FILLED_LABEL = re.compile(r".*(?:日期|时间|日)[::]?")
_NAMED = re.compile(r"(?:所属期间?|报告期别?|统计期间?|数据期|报表期|所属时期|报告月份)[::]\s*(.*)")
_Y = r"(?:(?P<y>(?:19|20)\d\d|(?<!\d)\d\d(?=年))(?:年度?|[-./])?)?(?:第)?"
_DASH = r"(?:-|—|–|~|至|到|、)+"
_PATTERNS = (
    (
        "days",
        re.compile(
            r"(?P<y>(?:19|20)\d\d)[-/.年](?P<a>\d{1,2})[-/.月](?P<d>\d{1,2})日?(?:-|—|–|~|至|到)+"
            r"(?:(?P<y2>(?:19|20)\d\d)[-/.年])?(?P<b>\d{1,2})[-/.月](?P<e>\d{1,2})日?"
        ),
    ),
    (
        "upto",
        re.compile(r"截[至止]到?" + _Y + r"(?P<b>\d{1,2})(?:月|[-./])(?:(?P<e>\d{1,2})日?|底|末)?"),
    ),
    (
        "day",
        re.compile(
            r"(?:19|20)\d\d(?:年\d{1,2}月\d{1,2}日|([-/.])\d{1,2}\1\d{1,2}(?!\d))|(?<!\d)20\d{6}(?!\d)"
        ),
    ),
    ("quarters", re.compile(_Y + r"(?:前[3三]季度|[1一]" + _DASH + "[3三]季度|[3三]个季度)")),
    ("half", re.compile(_Y + r"(?P<h>上|下)半年")),
    ("quarter", re.compile(_Y + r"(?:(?P<q>[1-4])季度?(?!\d)|Q(?P<q2>[1-4]))", re.I)),
    ("range", re.compile(_Y + r"(?P<a>\d{1,2})月?(?:份)?" + _DASH + r"(?P<b>\d{1,2})月")),
    ("month", re.compile(_Y + r"(?P<b>\d{1,2})月(?!\d{1,2}日)")),
    ("month", re.compile(r"(?<!\d)(?P<y>20\d\d)[-./]?(?P<b>\d{2}|(?<=[-./])\d)(?![\d\-./])")),
    ("year", re.compile(r"(?P<y>(?:19|20)\d\d)(?P<whole>年度|全年|年报|年全年)")),
    ("year", re.compile(r"(?P<y>(?:19|20)\d\d|(?<!\d)\d\d)年")),
)


class PeriodProblem(Exception):
    """The words name a period that cannot be; they are its text."""


@dataclass(frozen=True, slots=True)
class Placed:
    """First and last day of a value; `cumulative` when they are not the indicator's own period."""

    start: date
    end: date
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Months of one year, `first` to `month`; 0 as the year where only months are named.

    `day` is a day before the month's last (“as of 15 August”); `until` says that only the end
    was named; `bare` that a year stands alone, which may also be half of a date.
    """

    year: int
    month: int
    first: int = 0
    day: int = 0
    until: bool = False
    bare: bool = False

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.first or self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day."""
        last = calendar.monthrange(self.year, self.month)[1]
        return date(self.year, self.month, self.day or last)

    @property
    def months(self) -> int:
        """How many months it has."""
        return self.month - (self.first or self.month) + 1

    @property
    def cumulative(self) -> bool:
        """Whether it counts several months from January, without being the whole year."""
        return self.first == 1 and 1 < self.month < 12

    def period(self, kind: str) -> tuple[date, date]:
        """Return first and last day of the month, quarter or year it ends in, or its last day."""
        if kind == PeriodKind.SNAPSHOT:
            return self.last_day, self.last_day
        length = MONTHS[PeriodKind(kind)]
        close = -(-self.month // length) * length
        whole = Span(self.year, close, close - length + 1)
        return whole.start, whole.last_day

    def place(self, kind: str, aggregation: str) -> Placed | None:
        """Return the days a value stands for; None where the words leave it open.

        What stands at the end (a balance, a headcount) belongs to the period that ends there;
        a sum or a mean over more than one period of the indicator is kept as what it is.
        """
        if kind == PeriodKind.SNAPSHOT:
            return Placed(self.last_day, self.last_day)
        length = MONTHS[PeriodKind(kind)]
        partial = bool(self.day) or self.month % length
        if aggregation == "last":
            return None if partial or self.months < length > 3 else Placed(*self.period(kind))
        if self.until or self.day:
            return None
        if self.months == length and not partial:
            return Placed(self.start, self.last_day)
        if self.months > length or self.cumulative:
            return Placed(self.start, self.last_day, cumulative=True)
        return None

    def __str__(self) -> str:
        year = f"{self.year}年" if self.year else ""
        if (self.first, self.month) == (1, 12):
            return f"{year}全年"
        months = f"{self.first}-{self.month}" if self.months > 1 else str(self.month)
        return f"{year}{months}月{f'{self.day}日' if self.day else ''}"


def _words(text: str) -> str:
    folded = re.sub(r"\s+", "", fold(text))
    folded = re.sub(r"十([一二])(?=月)", lambda m: "1" + m[1].translate(_NUMERALS), folded)
    folded = re.sub(r"十(?=月)", "10", folded)
    numbered = re.compile(r"[〇零一二三四五六七八九]+(?=年|月|季度|至|-)|第?[一二三四](?=季)")
    return numbered.sub(lambda m: m[0].translate(_NUMERALS), folded)


def find_spans(text: str) -> list[Span]:
    """Read every period a text names, in its order, without days on which something was filled in.

    Raises PeriodProblem for a month 13 or a fifth quarter.
    """
    rest = _FILLED_IN.sub("", _words(text))
    found: list[tuple[int, Span]] = []
    for kind, pattern in _PATTERNS:
        while hit := pattern.search(rest):
            span = _span(kind, hit)
            if span:
                found.append((hit.start(), span))
            rest = rest[: hit.start()] + "#" * len(hit[0]) + rest[hit.end() :]
    return list(dict.fromkeys(span for _place, span in sorted(found, key=lambda one: one[0])))


def _span(kind: str, hit: re.Match[str]) -> Span | None:
    got = hit.groupdict()
    year = int(got.get("y") or 0)
    year += 2000 if 0 < year < 100 else 0
    if kind == "day":
        return None
    if kind == "days":
        return _of_days(got)
    if kind == "year":
        return Span(year, 12, 1, bare=not got.get("whole"))
    if kind == "quarters":
        return Span(year, 9, 1)
    if kind == "half":
        return Span(year, 6, 1) if got["h"] == "上" else Span(year, 12, 7)
    if kind == "quarter":
        last = 3 * int(got["q"] or got["q2"])
        return Span(year, last, last - 2)
    last, first = int(got["b"]), int(got.get("a") or 0)
    if not 1 <= last <= 12 or (first and not 1 <= first <= last):
        raise PeriodProblem(hit[0])
    if kind == "upto":
        return _until(year, last, int(got.get("e") or 0))
    return Span(year, last, first if first != last else 0)


def _until(year: int, month: int, day: int) -> Span:
    if year and day and day < calendar.monthrange(year, month)[1]:
        return Span(year, month, day=day, until=True)
    return Span(year, month, until=True)


def _of_days(got: dict[str, str]) -> Span | None:
    year, first, last = int(got["y"]), int(got["a"]), int(got["b"])
    try:
        start, end = date(year, first, int(got["d"])), date(year, last, int(got["e"]))
    except ValueError:
        raise PeriodProblem(f"{got['d']}-{got['e']}") from None
    whole = Span(year, last, first if first != last else 0)
    same_year = int(got["y2"] or year) == year
    if not same_year or (start, end) != (whole.start, whole.last_day):
        raise PeriodProblem(f"{start}—{got['y2'] or year}-{last:02d}-{int(got['e']):02d}")
    return whole


def find_span(text: str) -> Span | None:
    """Return the one period a text names, completed by its year; None with none or several."""
    spans = completed(find_spans(text))
    return spans[0] if len(spans) == 1 and spans[0].year else None


def completed(spans: Iterable[Span], year: int = 0) -> list[Span]:
    """Give months without a year the one that stands beside them, alone."""
    all_spans = list(spans)
    bare = [span for span in all_spans if span.bare]
    months = [span for span in all_spans if not span.bare]
    years = {span.year for span in bare}
    if len(years) == 1 and months and not any(span.year for span in months):
        year = years.pop()
        bare = []
    elif months and any(span.year for span in months):
        bare = [span for span in bare if span.year not in {one.year for one in months}]
    filled = [span if span.year else replace(span, year=year) for span in months] + bare
    return list(dict.fromkeys(filled))


def named_spans(cells: Iterable[Any]) -> list[Span]:
    """Read the periods of a line of cells: a named one (所属期) alone, days of filling in never."""
    loose: list[Span] = []
    skip = False
    for cell in cells:
        text = fold(cell)
        if skip and text:
            skip = False
            continue
        if named := _NAMED.search(text):
            return find_spans(named[1])
        if isinstance(cell, date | datetime):
            continue
        if _FILLED_LABEL.fullmatch(text.replace(" ", "")) and not find_spans(text):
            skip = True
            continue
        loose += find_spans(text)
    return loose


def span_of_cell(head: str, raw: Any) -> list[Span]:
    """Read the period a row's own cell names: 2024年8月, 202408, 8 under “月份”, a date."""
    if isinstance(raw, date | datetime):
        return [Span(raw.year, raw.month)]
    text = fold(raw)
    if re.fullmatch(r"\d{1,2}", text) and "月" in head:
        text += "月"
    if re.fullmatch(r"\d{4}", text) and "年" in head:
        text += "年"
    return find_spans(text)

"""Windows: spans of time relative to a rule's declared period, and what they come to on a day."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """From a day to a day, both within."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def moved(self, months: int) -> "Span":
        """Return the same stretch some months later; months are whole where they were."""
        if not months:
            return self
        after = self.end + timedelta(days=1)
        return Span(add_months(self.start, months), add_months(after, months) - timedelta(days=1))

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the last of a shorter month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


EVER = Span(date(1900, 1, 1), date(9999, 12, 31))
NEWEST = "latest"
UNITS = {"years": 12, "quarters": 3, "months": 1}
_MONTHS = {"Y": 12, "Q": 3, "M": 1}
_PARTS = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}
_PARTS |= {f"Q{n}": (3 * n - 2, 3 * n) for n in range(1, 5)}
_PARTS |= {f"M{n:02}": (n, n) for n in range(1, 13)}
_RELATIVE = re.compile(r"([YQM])(?:-(\d{1,2}))?(?:\.(Q[1-4]|H[12]|M(?:0[1-9]|1[0-2])))?")
_FIXED = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|(Q[1-4]|H[12]))?")
_ROLLING = re.compile(r"last_([1-9]\d?)_months")
DAYS = ("today", *(f"{letter}.{edge}" for letter in _MONTHS for edge in ("start", "end")))

# What a rule may declare, with the period it means on a day.
PERIODS = {
    "Y": ("last_year", "this_year"),
    "Q": ("last_quarter", "this_quarter"),
    "M": ("last_month", "this_month"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time as a rule writes it; `shift` moves it by months.

    `letter` is Y, Q or M with `back` of them before the declared one and a `part` of the year;
    or "rolling" (`months` up to the end of M), "ytd", "span" (fixed), "ever", or "latest".
    """

    letter: str
    back: int = 0
    part: str = ""
    months: int = 0
    span: Span | None = None
    shift: int = 0

    @property
    def length(self) -> int:
        """How many months it has; 0 where that is not fixed."""
        if self.letter in _MONTHS:
            first, last = _PARTS[self.part]
            return last - first + 1 if self.letter == "Y" else _MONTHS[self.letter]
        if self.letter == "span" and self.span is not None:
            return _whole_months(self.span)
        return self.months

    def on(self, day: date, period: "Period", shift: int = 0) -> Span:
        """Return the span it means on a day."""
        return self._base(day, period).moved(self.shift + shift)

    def _base(self, day: date, period: "Period") -> Span:
        if self.letter == "span" and self.span is not None:
            return self.span
        if self.letter == "ever":
            return Span(EVER.start, day)
        if self.letter == "rolling":
            end = period.of("M", day).end
            return Span(add_months(end + timedelta(days=1), -self.months), end)
        if self.letter == "ytd":
            end = period.of("M", day).end
            return Span(date(end.year, 1, 1), end)
        whole = period.of(self.letter, day).moved(-self.back * _MONTHS[self.letter])
        return _part_of(whole.start.year, self.part) if self.letter == "Y" else whole


def _whole_months(span: Span) -> int:
    after = span.end + timedelta(days=1)
    if span.start.day != 1 or after.day != 1:
        return 0
    return (after.year - span.start.year) * 12 + after.month - span.start.month


def _part_of(year: int, part: str) -> Span:
    first, last = _PARTS[part]
    return Span(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


@dataclass(frozen=True, slots=True)
class Period:
    """What Y, Q and M mean: last_year (as default), this_year, or one year for ever."""

    names: tuple[tuple[str, str], ...] = ()

    def name(self, letter: str) -> str:
        """Return what was declared for a letter."""
        return dict(self.names).get(letter, PERIODS[letter][0])

    def of(self, letter: str, day: date) -> Span:
        """Return the declared period on a day: the last whole one, the one that runs, or fixed."""
        name = self.name(letter)
        if name.isdigit():
            return _part_of(int(name), "")
        months = _MONTHS[letter]
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        running = Span(first, add_months(first, months) - timedelta(days=1))
        return running.moved(-months) if name.startswith("last") else running

    def day(self, name: str, on: date) -> date:
        """Return a named day: today, Y.start, Y.end …"""
        if name == "today":
            return on
        letter, _dot, edge = name.partition(".")
        span = self.of(letter, on)
        return span.start if edge == "start" else span.end


def read_window(text: str) -> Window | None:
    """Return the window a text means, None for a text that is none."""
    if text in ("ever", "ytd"):
        return Window(text)
    if found := _RELATIVE.fullmatch(text):
        letter, back, part = found[1], int(found[2] or 0), found[3] or ""
        return None if part and letter != "Y" else Window(letter, back, part)
    if found := _ROLLING.fullmatch(text):
        return Window("rolling", months=int(found[1]))
    if found := _FIXED.fullmatch(text):
        year, part = int(found[1]), found[3] or (f"M{found[2]}" if found[2] else "")
        return Window("span", span=_part_of(year, part)) if 1900 < year < 2200 else None
    return None


def before(window: Window, vs: str) -> Window | None:
    """Return the window that one is held against; None where `vs` says nothing of it.

    "before" is the stretch of the same length just before, "year_before" the same one a year
    earlier; "Y-1" the same part of that year; any other window stands for itself.
    """
    if vs == "year_before":
        return replace(window, shift=window.shift - 12)
    if vs == "before":
        return replace(window, shift=window.shift - window.length) if window.length else None
    other = read_window(vs)
    if other is not None and other.letter == window.letter == "Y" and not other.part:
        return replace(other, part=window.part, shift=window.shift)
    return other

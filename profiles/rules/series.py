"""Reading a feature in a window from what was reported: months, quarters, years, cumulative."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from crm.common.quantity import SCALE, steps_in
from profiles.rules.facts import Book, Lack, Point, Source, Why
from profiles.rules.windows import Span

DAY = timedelta(days=1)
Plain = Fraction | date | str | bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A value that was found, with its sources; None with what is lacking."""

    value: Plain | None
    sources: tuple[Source, ...] = ()
    lacks: tuple[Lack, ...] = ()

    @property
    def number(self) -> Fraction | None:
        """The value where it is a number."""
        return self.value if isinstance(self.value, Fraction) else None

    @property
    def day(self) -> date | None:
        """The value where it is a day."""
        return self.value if isinstance(self.value, date) else None


def lacking(book: Book, what: str, why: Why, span: Span | None = None) -> Seen:
    """Return that something is missing, and who owes it."""
    if what in book.withheld:
        why = Why.WITHHELD
    start, end = (span.start, span.end) if span else (None, None)
    return Seen(None, lacks=(Lack(what, why, book.owners.get(what, ""), start, end),))


def newest(book: Book, feature: str, on: date, fresh_days: int | None, whole: int = 0) -> Seen:
    """Return the newest value of a feature on a day; stale after so many days.

    With `whole`, values of longer stretches (months) than that are left out: the cumulative
    value of eight months is no value of August.
    """
    known = [
        point
        for point in book.points.get(feature, ())
        if point.end <= on and (not whole or (point.end - point.start).days <= whole * 31)
    ]
    if not known:
        return lacking(book, feature, Why.MISSING)
    found = max(known, key=lambda point: (point.end, point.start))
    if fresh_days is not None and (on - found.end).days > fresh_days:
        return lacking(book, feature, Why.STALE, Span(found.start, found.end))
    return _seen(book, feature, found.value, [found])


def _seen(book: Book, feature: str, value: Plain | int, points: Sequence[Point]) -> Seen:
    exact = value if isinstance(value, Fraction | date | str | bool) else Fraction(value)
    last = max(points, key=lambda point: point.end)
    department = last.source or book.owners.get(feature, "")
    return Seen(exact, (Source(feature, department, last.end),))


def in_window(book: Book, feature: str, span: Span, agg: str) -> Seen:
    """Return a feature's value over a span, in ten-thousandths of its unit.

    A value of exactly the span stands for itself. A sum is put together from what was reported
    without a gap, a cumulative value less an earlier one included (1-8月 less 1-7月 is August);
    an average and a maximum from parts that cover the span; the last value is that of the part
    that ends with the span.
    """
    points = [p for p in book.points.get(feature, ()) if p.end <= book.as_of]
    exact = [p for p in points if (p.start, p.end) == (span.start, span.end)]
    if exact and agg != "days" and not (agg == "max" and len(points) > 1):
        return _seen(book, feature, exact[-1].value, exact)
    if agg in ("sum", "days"):
        found = _summed(points, span)
        total = None if found is None else found[0] / (span.days if agg == "days" else 1)
        return (
            lacking(book, feature, Why.MISSING, span)
            if found is None or total is None
            else _seen(book, feature, total, found[1])
        )
    if agg == "last":
        ending = [p for p in points if p.end == span.end]
        shortest = min(ending, key=lambda p: p.end - p.start, default=None)
        if shortest is None:
            return lacking(book, feature, Why.MISSING, span)
        return _seen(book, feature, shortest.value, [shortest])
    parts = _covering(points, span)
    if not parts:
        return lacking(book, feature, Why.MISSING, span)
    numbers = [Fraction(p.value) for p in parts if type(p.value) is int]
    value = max(numbers) if agg == "max" else sum(numbers, Fraction(0)) / len(numbers)
    return _seen(book, feature, value, parts)


def _summed(points: Sequence[Point], span: Span) -> tuple[Fraction, list[Point]] | None:
    """Find the shortest way from the first day to the day after the last, there and back."""
    steps: dict[date, list[tuple[date, int, Point]]] = {}
    for point in points:
        first, after = point.start, point.end + DAY
        steps.setdefault(first, []).append((after, 1, point))
        steps.setdefault(after, []).append((first, -1, point))
    goal = span.end + DAY
    waiting: deque[tuple[date, Fraction, list[Point]]] = deque([(span.start, Fraction(0), [])])
    been = {span.start}
    while waiting:
        day, total, used = waiting.popleft()
        if day == goal:
            return total, used
        for there, sign, point in sorted(steps.get(day, []), key=lambda one: -one[1]):
            if there not in been and type(point.value) is int:
                been.add(there)
                waiting.append((there, total + sign * point.value, [*used, point]))
    return None


def _covering(points: Sequence[Point], span: Span) -> list[Point]:
    """Return the smallest parts that follow one another through the span, or nothing."""
    found, day = [], span.start
    while day <= span.end:
        here = [p for p in points if p.start == day and p.end <= span.end]
        if not here:
            return []
        part = min(here, key=lambda p: p.end)
        found.append(part)
        day = part.end + DAY
    return found


def steps_of(seen: Seen, unit: str) -> Seen:
    """Return a number in the smallest steps of its measure."""
    if not isinstance(seen.value, Fraction):
        return seen
    top, slash, base = unit.partition("/")
    if slash and unit not in _WHOLE_UNITS:
        factor = Fraction(steps_in(top), steps_in(base) * SCALE)
    else:
        factor = Fraction(steps_in(unit), SCALE)
    return Seen(seen.value * factor, seen.sources, seen.lacks)


_WHOLE_UNITS = ("元/月", "元/年", "万元/年")

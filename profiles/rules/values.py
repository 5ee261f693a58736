"""Reading values: the plain way, exact fractions, whatever is missing makes them unknown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from statistics import median

from crm.common.quantity import SCALE
from profiles.rules.facts import Amount, Book, Spell, Why
from profiles.rules.measures import DAY, WHOLE, Constant, Day
from profiles.rules.nodes import (
    Against,
    Arithmetic,
    EventValue,
    Node,
    OfEach,
    Paid,
    Param,
    Population,
    Rank,
    Ratio,
    Series,
    Value,
    Verdict,
)
from profiles.rules.series import Seen, in_window, lacking, newest, steps_of
from profiles.rules.windows import Period, Span, Window

Judge = Callable[[Node, "Asked"], Verdict]


@dataclass(slots=True)
class Crowd:
    """Those among whom a rank or an average is taken; what was computed is kept."""

    books: Sequence[Book]
    kept: dict[object, list[tuple[Verdict, Seen]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom something is asked, what its periods mean, and by how many months all is moved."""

    book: Book
    period: Period
    judge: Judge
    crowd: Crowd | None = None
    shift: int = 0

    def span(self, window: Window) -> Span:
        """Return what a window means here."""
        return window.on(self.book.as_of, self.period, self.shift)

    def day(self, day: Day) -> date:
        """Return what a day means here."""
        if day.on is not None:
            return day.on
        found = self.period.day(day.window, self.book.as_of)
        return Span(found, found).moved(self.shift).end

    def moved(self, months: int) -> "Asked":
        """Return the same question some months earlier or later."""
        return replace(self, shift=self.shift + months)


def read(value: Value, asked: Asked) -> Seen:
    """Return a value of one enterprise: a number in smallest steps, or a day."""
    reader: Callable[..., Seen] = _READERS[type(value)]
    return reader(value, asked)


def _constant(value: Constant, _asked: Asked) -> Seen:
    return Seen(value.exact)


def _day(value: Day, asked: Asked) -> Seen:
    return Seen(asked.day(value))


def _series(value: Series, asked: Asked) -> Seen:
    book, window = asked.book, value.window
    if window is None:
        # A month's value without a window is the newest month's, never a cumulative one.
        whole = {"month": 1, "quarter": 3}.get(value.kind, 0) if value.agg != "last" else 0
        found = newest(book, value.feature, book.as_of, value.fresh_days, whole)
    elif value.kind == "snapshot":
        end = min(asked.span(window).end, book.as_of)
        found = newest(book, value.feature, end, value.fresh_days)
    else:
        found = in_window(book, value.feature, asked.span(window), value.agg)
    if value.measure == DAY:
        return _as_day(found, book, value.feature)
    if found.value is not None and found.number is None:
        return lacking(book, value.feature, Why.MISSING)
    return steps_of(found, value.unit)


def _as_day(found: Seen, book: Book, feature: str) -> Seen:
    if found.value is None or found.day is not None:
        return found
    try:
        return replace(found, value=date.fromisoformat(str(found.value)))
    except ValueError:
        return lacking(book, feature, Why.UNDATED)


def _joined(*parts: Seen) -> Seen:
    """Return what several parts rest on, and what all of them lack; no value yet."""
    sources = tuple(dict.fromkeys(one for part in parts for one in part.sources))
    lacks = tuple(dict.fromkeys(one for part in parts for one in part.lacks))
    return Seen(None, sources, lacks)


def _over(top: Fraction, base: Fraction, both: Seen, asked: Asked) -> Seen:
    if base > 0:
        return replace(both, value=top / base)
    name = next((s.what for s in both.sources[-1:]), "")
    lack = lacking(asked.book, name, Why.BASE).lacks
    return replace(both, lacks=lack)


def _against(value: Against, asked: Asked) -> Seen:
    now, base = read(value.now, asked), read(value.base, asked)
    both = _joined(now, base)
    if now.number is None or base.number is None:
        return both
    if value.how == "increment":
        return replace(both, value=now.number - base.number)
    found = _over(now.number - base.number, base.number, both, asked)
    return found if found.number is None else replace(found, value=found.number * WHOLE)


def _ratio(value: Ratio, asked: Asked) -> Seen:
    top, base = read(value.top, asked), read(value.base, asked)
    both = _joined(top, base)
    if top.number is None or base.number is None:
        return both
    found = _over(top.number, base.number, both, asked)
    like = value.top.measure == value.base.measure
    number = found.number
    return found if number is None or not like else replace(found, value=number * WHOLE)


def _arithmetic(value: Arithmetic, asked: Asked) -> Seen:
    parts = [read(part, asked) for part in value.parts]
    numbers = [part.number for part in parts if part.number is not None]
    both = _joined(*parts)
    if len(numbers) < len(parts):
        return both
    results: dict[str, Callable[[], Fraction]] = {
        "add": lambda: sum(numbers, Fraction(0)),
        "sub": lambda: numbers[0] - numbers[1],
        "times": lambda: numbers[0] * numbers[1] / WHOLE,
        "min": lambda: min(numbers),
        "max": lambda: max(numbers),
    }
    return replace(both, value=results[value.op]())


def _param(value: Param, asked: Asked) -> Seen:
    on = min(asked.span(value.window).end, asked.book.as_of)
    mine = ""
    if value.by:
        place = newest(asked.book, value.by, on, None)
        if place.value is None:
            return place
        mine = str(place.value)
    known = [one for one in asked.book.params.get(value.name, ()) if one.on <= on]
    fitting = [one for one in known if not value.by or one.by == mine]
    if not fitting:
        return lacking(asked.book, value.name, Why.MISSING)
    return Seen(max(fitting, key=lambda one: one.on).steps)


def spells_of(event: str, levels: tuple[str, ...], asked: Asked) -> list[Spell] | None:
    """Return the spells of an event at some levels; None where nobody has reported."""
    if event not in asked.book.spells:
        return None
    known = asked.book.spells[event]
    return [one for one in known if not levels or one.level in levels]


def _event(value: EventValue, asked: Asked) -> Seen:
    found = spells_of(value.event, value.levels, asked)
    if found is None:
        return lacking(asked.book, value.event, Why.MISSING)
    if value.get == "count":
        return Seen(Fraction(len(found) * SCALE))
    days = [one.since for one in found if one.since is not None]
    if not found or len(days) < len(found):
        return lacking(asked.book, value.event, Why.UNDATED if found else Why.MISSING)
    return Seen(min(days) if value.get == "first" else max(days))


def _paid(value: Paid, asked: Asked) -> Seen:
    if value.tag not in asked.book.paid:
        return lacking(asked.book, value.tag, Why.MISSING)
    span = asked.span(value.window)
    rows: Sequence[Amount] = asked.book.paid[value.tag]
    counted = [r for r in rows if r.on in span and (value.by == "any level" or not r.by)]
    return Seen(sum((one.steps for one in counted), Fraction(0)))


def _each(value: OfEach, asked: Asked) -> Seen:
    if value.each not in asked.book.children:
        return lacking(asked.book, value.each, Why.MISSING)
    total, lacks = Fraction(0), []
    for child in asked.book.children[value.each]:
        one = replace(asked, book=child, crowd=None)
        verdict = Verdict.TRUE if value.where is None else asked.judge(value.where, one)
        if verdict is Verdict.FALSE:
            continue
        found = Seen(Fraction(SCALE)) if value.of is None else read(value.of, one)
        if verdict is Verdict.UNKNOWN or found.number is None:
            lacks += list(found.lacks) or list(lacking(child, value.each, Why.MISSING).lacks)
            continue
        total += found.number
    return Seen(None, lacks=tuple(lacks)) if lacks else Seen(total)


def among(of: Value, within: Node | None, asked: Asked) -> list[tuple[Verdict, Seen]] | None:
    """Return whether each of the crowd belongs, and its value; None without a crowd."""
    crowd = asked.crowd
    if crowd is None:
        return None
    key = (of, within, asked.period, asked.shift)
    if key not in crowd.kept:
        crowd.kept[key] = [_member(of, within, replace(asked, book=b)) for b in crowd.books]
    return crowd.kept[key]


def _member(of: Value, within: Node | None, asked: Asked) -> tuple[Verdict, Seen]:
    verdict = Verdict.TRUE if within is None else asked.judge(within, asked)
    return verdict, read(of, asked)


def _population(value: Population, asked: Asked) -> Seen:
    members = among(value.of, value.within, asked)
    if members is None:
        return lacking(asked.book, value.what, Why.POPULATION)
    inside = [(verdict, seen) for verdict, seen in members if verdict is not Verdict.FALSE]
    known = [s.number for v, s in inside if v is Verdict.TRUE and s.number is not None]
    if not known or len(known) * WHOLE < value.coverage.exact * len(inside):
        return lacking(asked.book, value.what, Why.POPULATION)
    mean = sum(known, Fraction(0)) / len(known)
    return Seen(mean if value.what == "mean" else Fraction(median(known)))


def _rank(value: Rank, asked: Asked) -> Seen:
    """The place itself is a pair of bounds, which only a comparison can use (see `placed`)."""
    found = placed(value, asked)
    if found is None or found[0] != found[1]:
        return lacking(asked.book, "rank", Why.POPULATION)
    return Seen(Fraction(found[0] * SCALE))


def placed(value: Rank, asked: Asked) -> tuple[int, int] | None:
    """Return the best and the worst place it can have; None where it is not known at all.

    Whoever may belong or whose value is missing may stand before it.
    """
    mine = read(value.of, asked).number
    members = among(value.of, value.within, asked)
    if mine is None or members is None:
        return None
    before = undecided = equal = 0
    for verdict, seen in members:
        if verdict is Verdict.FALSE:
            continue
        number = seen.number
        if number is not None and (number < mine if value.order == "desc" else number > mine):
            continue
        if verdict is Verdict.UNKNOWN or number is None:
            undecided += 1
        elif number == mine:
            equal += 1
        else:
            before += 1
    # It is among the crowd itself: of its equals (with "none" all stand before it) it is one.
    tied = max(equal - 1, 0) if value.ties == "none" else 0
    return before + tied + 1, before + tied + undecided + 1


_READERS: dict[type, Callable[..., Seen]] = {
    Constant: _constant,
    Day: _day,
    Series: _series,
    Against: _against,
    Ratio: _ratio,
    Arithmetic: _arithmetic,
    Param: _param,
    Rank: _rank,
    Population: _population,
    EventValue: _event,
    Paid: _paid,
    OfEach: _each,
}

"""Judging one condition: true, false, or unknown with what is lacking."""

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from crm.common.quantity import SCALE
from profiles.rules.facts import Lack, Source, Why
from profiles.rules.nodes import (
    Attested,
    Became,
    Between,
    Compare,
    FirstReach,
    Holds,
    Is,
    Known,
    Listed,
    OneOf,
    Question,
    Rank,
    Streak,
    Verdict,
    When,
    Within,
)
from profiles.rules.series import Seen, in_window, lacking, newest
from profiles.rules.values import Asked, placed, read, spells_of
from profiles.rules.windows import UNITS, add_months

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}
NOTHING = Seen(None)
TRUE, FALSE, UNKNOWN = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Answer:
    """What a condition comes to, what was seen on its left and right, and what is lacking."""

    verdict: Verdict
    left: Seen = NOTHING
    right: Seen = NOTHING
    lacks: tuple[Lack, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where the values come from."""
        return tuple(dict.fromkeys(self.left.sources + self.right.sources))


def answer(question: Question, asked: Asked) -> Answer:
    """Judge one condition of one enterprise."""
    judge: Callable[..., Answer] = _JUDGES[type(question)]
    return judge(question, asked)


def _said(held: bool, left: Seen, right: Seen = NOTHING) -> Answer:
    return Answer(TRUE if held else FALSE, left, right)


def _open(*seen: Seen) -> Answer:
    """Return that it is unknown, with everything that is lacking."""
    lacks = tuple(dict.fromkeys(one for part in seen for one in part.lacks))
    return Answer(UNKNOWN, seen[0], seen[1] if len(seen) > 1 else Seen(None), lacks)


def _compare(question: Compare, asked: Asked) -> Answer:
    if isinstance(question.left, Rank):
        return _compare_rank(question, question.left, asked)
    left, right = read(question.left, asked), read(question.right, asked)
    if left.value is None or right.value is None:
        return _open(left, right)
    return _said(COMPARE[question.op](left.value, right.value), left, right)


def _compare_rank(question: Compare, rank: Rank, asked: Asked) -> Answer:
    """True if it is among the first whatever is missing, false if it cannot be, else unknown."""
    bound = read(question.right, asked)
    own = TRUE if rank.within is None else asked.judge(rank.within, asked)
    if own is FALSE:
        return Answer(FALSE, Seen(None), bound)
    places = placed(rank, asked)
    if bound.number is None or places is None or own is UNKNOWN:
        return _open(read(rank.of, asked) if places is None else Seen(None), bound)
    holds = COMPARE[question.op]
    best, worst = (Fraction(one * SCALE) for one in places)
    seen = replace(read(rank.of, asked), value=best)
    if holds(worst, bound.number):
        return _said(True, seen, bound)
    if not holds(best, bound.number):
        return _said(False, seen, bound)
    return _open(lacking(asked.book, "rank", Why.POPULATION), bound)


def _between(question: Between, asked: Asked) -> Answer:
    of, low, high = (read(v, asked) for v in (question.of, question.low, question.high))
    above = COMPARE["ge" if question.edges[0] == "[" else "gt"]
    below = COMPARE["le" if question.edges[1] == "]" else "lt"]
    if of.value is None or (low.value is None and high.value is None):
        return _open(of, low, high)
    sides = [
        None if bound.value is None else holds(of.value, bound.value)
        for holds, bound in ((above, low), (below, high))
    ]
    # One bound that is failed is enough, even while the other is not known.
    if False in sides:
        return _said(False, of, low)
    return _open(of, low, high) if None in sides else _said(True, of, low)


def _one_of(question: OneOf, asked: Asked) -> Answer:
    book = asked.book
    found = newest(book, question.feature, book.as_of, question.fresh_days)
    if found.value is None:
        return _open(found)
    wanted = question.codes if question.under else question.texts
    return _said(str(found.value) in wanted, found)


def _listed(question: Listed, asked: Asked) -> Answer:
    book = asked.book
    on = min(asked.span(question.window).end, book.as_of) if question.window else book.as_of
    if question.name not in book.lists:
        return _open(lacking(book, question.name, Why.MISSING))
    key = Seen(book.key)
    if question.key != "enterprise":
        key = newest(book, question.key, on, None)
    if key.value is None:
        return _open(key)
    held = any(
        entry.key == key.value and entry.since <= on and (entry.until is None or on <= entry.until)
        for entry in book.lists[question.name]
    )
    return _said(held, key)


def _is(question: Is, asked: Asked) -> Answer:
    book = asked.book
    if question.window is None:
        found = newest(book, question.feature, book.as_of, question.fresh_days)
    else:
        found = in_window(book, question.feature, asked.span(question.window), "last")
    if found.value is None:
        return _open(found)
    # Yes and no are kept as 1 and 0.
    return _said(bool(found.value) is question.wanted, replace(found, value=bool(found.value)))


def _holds(question: Holds, asked: Asked) -> Answer:
    spells, on = spells_of(question.event, question.levels, asked), asked.day(question.on)
    if spells is None:
        return _open(lacking(asked.book, question.event, Why.MISSING))
    undated = False
    for spell in spells:
        if spell.until is not None and spell.until < on:
            continue
        if spell.since is not None and spell.since <= on:
            source = Source(question.event, spell.source, spell.on)
            return _said(True, Seen(spell.since, (source,)))
        # A level without the day it was reached stands on the day it was reported for.
        if spell.since is None and spell.on is not None and spell.on <= on:
            return _said(True, Seen(spell.level or True, (Source("", spell.source, spell.on),)))
        undated = undated or spell.since is None
    if undated:
        return _open(lacking(asked.book, question.event, Why.UNDATED))
    return _said(False, Seen(False))


def _became(question: Became, asked: Asked) -> Answer:
    spells = spells_of(question.event, question.levels, asked)
    if spells is None:
        return _open(lacking(asked.book, question.event, Why.MISSING))
    span = asked.span(question.window)
    days = [one.since for one in spells if one.since is not None]
    undated = len(days) < len(spells)
    earlier = [day for day in days if day < span.start]
    within = [day for day in days if day in span]
    if question.first and earlier:
        return _said(False, Seen(min(earlier)))
    if within and not (question.first and undated):
        return _said(True, Seen(min(within)))
    if undated:
        return _open(lacking(asked.book, question.event, Why.UNDATED))
    return _said(False, Seen(max(days) if days else False))


def _when(question: When, asked: Asked) -> Answer:
    found = read(question.of, asked)
    if found.day is None:
        return _open(found)
    return _said(found.day in asked.span(question.window), found)


def _within(question: Within, asked: Asked) -> Answer:
    of, anchor = read(question.of, asked), read(question.anchor, asked)
    if of.day is None or anchor.day is None:
        return _open(of, anchor)
    sign = 1 if question.side == "after" else -1
    days = timedelta(days=sign * question.days)
    try:
        edge = add_months(anchor.day, sign * question.months) + days
    except (OverflowError, ValueError):
        edge = date.max if sign > 0 else date.min
    low, high = sorted((anchor.day, edge))
    return _said(low <= of.day <= high, of, anchor)


def _first_reach(question: FirstReach, asked: Asked) -> Answer:
    """Reached in the window's year, and in no year before (with re-entry: not the one before)."""
    bound, now = question.bound.exact, read(question.of, asked.moved(_base(question)))
    if now.number is not None and now.number < bound:
        return _said(False, now)
    year = asked.span(question.window).start.year
    back = min(year - question.since, 1) if question.reentry else year - question.since
    lacks = list(now.lacks)
    for years in range(1, back + 1):
        earlier = read(question.of, asked.moved(_base(question) - 12 * years))
        if earlier.number is None:
            lacks += earlier.lacks if question.gaps == "unknown" else ()
        elif earlier.number >= bound:
            return _said(False, earlier)
    if now.number is None or lacks:
        return Answer(UNKNOWN, now, lacks=tuple(dict.fromkeys(lacks)))
    return _said(True, now)


def _base(question: FirstReach) -> int:
    """Its value is written over Y; the window says which year is meant."""
    return -12 * question.window.back + question.window.shift


def _streak(question: Streak, asked: Asked) -> Answer:
    answers = [
        answer(question.part.question, asked.moved(-UNITS[question.of] * n))
        for n in range(question.n)
    ]
    first = answers[0]
    failed = [one for one in answers if one.verdict is FALSE]
    if failed:
        return failed[0]
    lacks = tuple(dict.fromkeys(lack for one in answers for lack in one.lacks))
    unknown = any(one.verdict is UNKNOWN for one in answers)
    return Answer(UNKNOWN if unknown else TRUE, first.left, first.right, lacks)


def _attested(question: Attested, asked: Asked) -> Answer:
    said = asked.book.attested.get(question.text)
    if said is None:
        lack = Lack(question.text, Why.ATTESTATION, question.by)
        return Answer(UNKNOWN, lacks=(lack,))
    return _said(said, Seen(said, (Source(question.text, question.by, None),)))


def _known(question: Known, asked: Asked) -> Answer:
    found = read(question.of, asked)
    return _said(found.value is not None, replace(found, lacks=()))


_JUDGES: dict[type, Callable[..., Answer]] = {
    Compare: _compare,
    Between: _between,
    OneOf: _one_of,
    Listed: _listed,
    Is: _is,
    Holds: _holds,
    Became: _became,
    When: _when,
    Within: _within,
    FirstReach: _first_reach,
    Streak: _streak,
    Attested: _attested,
    Known: _known,
}

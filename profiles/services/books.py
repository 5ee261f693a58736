"""Books: what is known of enterprises on a day, as the rule language reads it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from crm.common.days.clock import day_start
from crm.common.quantity import factor, half_up
from crm.models.enterprises import of_any
from crm.selectors import register_as_of, standing_for
from profiles.enums import Sensitivity, ValueType
from profiles.features import QUALIFICATIONS, Qualification
from profiles.models import Consent, FeatureSnapshot, Indicator, IndicatorVersion, Observation
from profiles.rules import Book, Point, Spell
from profiles.rules.windows import Period as RulePeriod
from profiles.rules.windows import add_months, read_window
from profiles.services.snapshots import read_facts

PART = 1000
# How far back a book goes, in years: rules look at a few years, rarely further.
YEARS_BACK = 6
NUMBERS = {ValueType.DECIMAL, ValueType.INT}


def codes_of(features: Iterable[str], events: Iterable[str]) -> set[str]:
    """Return the indicators and attributes that features and events are read from."""
    found = set(features)
    for name in events:
        found.update(QUALIFICATIONS[name].indicators)
    return found


def books(
    as_of: date,
    features: Iterable[str],
    events: Iterable[str] = (),
    enterprise_ids: Iterable[int] | None = None,
) -> Iterator[tuple[int, Book]]:
    """Yield what was known at the end of a day of every enterprise (or of some), in parts.

    Confidential values of whoever had not consented are withheld; values of a merged duplicate
    stand in the book of the record that stands for it.
    """
    wanted, events = codes_of(features, events), tuple(events)
    register = register_as_of(as_of)
    ids = [pk for pk in register if enterprise_ids is None or pk in set(enterprise_ids)]
    versions = IndicatorVersion.objects.in_force(as_of).filter(indicator__code__in=wanted)
    known = {row.indicator_id: row for row in versions.select_related("department", "indicator")}
    consented = set(Consent.objects.on(as_of).values_list("enterprise_id", flat=True))
    owners = {row.code: row.department.short_name for row in known.values()}
    closed = {r.code for r in known.values() if r.sensitivity == Sensitivity.CONFIDENTIAL}
    for number in range(0, len(ids), PART):
        part = ids[number : number + PART]
        points = _points(part, known, as_of)
        for pk in part:
            withheld = frozenset() if pk in consented else frozenset(closed)
            mine = _attributes(register[pk], wanted, as_of)
            mine |= {c: p for c, p in points.get(pk, {}).items() if c not in withheld}
            yield pk, book_of(as_of, str(pk), mine, events, owners, withheld)


def book_of(
    as_of: date,
    key: str,
    points: dict[str, list[Point]],
    events: Iterable[str],
    owners: dict[str, str],
    withheld: frozenset[str],
) -> Book:
    """Return a book from reported values; qualifications are read from their indicators."""
    owed = dict(owners)
    spells = {}
    for name in events:
        known = QUALIFICATIONS[name]
        owed[name] = owners.get(known.indicators[0], "")
        found = _spells(known, points, as_of)
        if found is not None:
            spells[name] = found
    return Book(as_of, points, spells, owners=owed, withheld=withheld, key=key)


def _attributes(row: dict[str, str], wanted: set[str], as_of: date) -> dict[str, list[Point]]:
    found = {}
    for key in wanted:
        name = key.removeprefix("enterprise.")
        if name != key and row.get(name):
            found[key] = [Point(as_of, as_of, row[name])]
    return found


Points = dict[int, dict[str, list[Point]]]


def _points(ids: list[int], known: dict[int, IndicatorVersion], as_of: date) -> Points:
    moment = day_start(as_of + timedelta(days=1))
    stands = standing_for(as_of)
    standing = Q(superseded_at=None) | Q(superseded_at__gte=moment)
    rows = Observation.objects.filter(
        standing,
        of_any(ids),
        indicator__in=list(known),
        recorded_at__lt=moment,
        period_end__lte=as_of,
        period_end__gte=date(as_of.year - YEARS_BACK, 1, 1),
    )
    meanings = Indicator.objects.with_versions().in_bulk(list(known))
    found: dict[int, dict[str, dict[tuple[date, date], Point]]] = defaultdict(dict)
    fields = ("enterprise_id", "indicator_id", "period_start", "period_end", "number_e4", "text")
    # A value reported for the duplicate goes first: the record's own is written over it.
    for pk, which, start, end, number, text in sorted(
        rows.values_list(*fields), key=lambda row: row[0] not in stands
    ):
        value = _value(known[which], meanings[which].on(start), number, text)
        if value is not None:
            code, owner = known[which].code, known[which].department.short_name
            point = Point(start, end, value, owner)
            found[stands.get(pk, pk)].setdefault(code, {})[start, end] = point
    return {pk: {c: list(p.values()) for c, p in codes.items()} for pk, codes in found.items()}


def _value(now: IndicatorVersion, then: IndicatorVersion, number: Any, text: str) -> Any:
    """Return a value in the unit its indicator has on the day; None where it means another."""
    if now.value_type == ValueType.BOOL:
        return None if number is None else bool(number)
    if now.value_type not in NUMBERS:
        return text or None
    times = factor(then.unit, now.unit)
    return None if number is None or times is None else half_up(number * times)


def _newest(points: dict[str, list[Point]], code: str) -> Point | None:
    return max(points.get(code, []), key=lambda point: point.end, default=None)


def _spells(known: Qualification, points: dict[str, list[Point]], as_of: date) -> Any:
    """Return the times a qualification stood, oldest first; None where nothing was reported."""
    if known.flag:
        flag = _newest(points, known.flag)
        if flag is None:
            return None
        return [Spell(None, None, "", flag.source, flag.end)] if flag.value else []
    level = _newest(points, known.level) if known.level else None
    if known.level and level is None:
        return None
    if level is not None and str(level.value) not in known.levels:
        return []
    if not known.since:
        return [Spell(None, None, str(level.value), level.source, level.end)] if level else None
    until = _newest(points, known.until) if known.until else None
    days = sorted({day: p for p in points.get(known.since, []) if (day := _day(p))}.items())
    if not days and until is None:
        return None if level is None else [Spell(None, None, str(level.value), level.source)]
    found = [
        Spell(day, _end(known, day), str(level.value) if level else "", p.source, p.end)
        for day, p in days
    ]
    if until is not None and (last := _day(until)):
        # The end that was reported counts for the newest time; without its day it only stands.
        since = days[-1][0] if days else None
        newest = Spell(since, last, "", until.source, until.end)
        found = [*found[:-1], newest]
    return found


def _end(known: Qualification, since: date) -> date | None:
    return add_months(since, 12 * known.years) if known.years else None


def _day(point: Point) -> date | None:
    try:
        return date.fromisoformat(str(point.value))
    except ValueError:
        return None


def books_in(
    snapshot: FeatureSnapshot,
    features: Iterable[str],
    events: Iterable[str] = (),
    enterprise_id: int | None = None,
) -> Iterator[tuple[int, Book]]:
    """Yield the books of a snapshot: each of its columns is a value of its window."""
    codes, events = codes_of(features, events), tuple(events)
    keys = {key for key in snapshot.columns if key.partition("@")[0] in codes}
    for pk, facts in read_facts(snapshot, keys, enterprise_id):
        points: dict[str, list[Point]] = {}
        owners, withheld = {}, set()
        for key, fact in facts.items():
            code, _at, window = key.partition("@")
            owners[code] = fact.source
            if fact.withheld:
                withheld.add(code)
            if fact.value is None or fact.on is None:
                continue
            start, end = _span(window, fact.on, snapshot.as_of)
            points.setdefault(code, []).append(Point(start, end, fact.value, fact.source))
        yield pk, book_of(snapshot.as_of, str(pk), points, events, owners, frozenset(withheld))


def _span(window: str, on: date, as_of: date) -> tuple[date, date]:
    """Return the period of a column's value; of the newest one only its end is known."""
    name = {"last_year": "Y", "latest": ""}.get(window, window)
    found = read_window(name) if name else None
    if found is None:
        return on, on
    span = found.on(as_of, RulePeriod())
    return span.start, span.end

"""An indicator's values of all enterprises, period by period, and what its windows say of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from crm.common.db.columns import number_and_text, number_pairs
from crm.common.quantity import half_up
from profiles.features import MONTHS_OF, Feature, Window
from profiles.models import Observation

_TABLE = Observation._meta.db_table
Numbers = NDArray[Any]
Mask = NDArray[np.bool_]
# Sums are kept in 64 bits; beyond this they are unknown rather than wrong.
LARGEST = 2.0**62


@dataclass(slots=True)
class Cells:
    """One column of a snapshot: a value of each enterprise, whether there is one, of which day."""

    values: Numbers
    known: Mask
    on: NDArray[np.int32]

    @classmethod
    def empty(cls, size: int, kind: Any = np.int64) -> "Cells":
        """Return a column that knows nothing."""
        return cls(np.zeros(size, kind), np.zeros(size, bool), np.zeros(size, np.int32))

    def enter(self, where: Mask, values: Any, on: int) -> None:
        """Enter the values of some enterprises as of a day."""
        self.values[where] = values[where]
        self.known |= where
        self.on[where] = on


@dataclass(frozen=True, slots=True)
class Places:
    """Where each enterprise stands in the columns; a duplicate stands where its record does."""

    keys: NDArray[np.int64]
    stands: dict[int, int]

    def of(self, ids: NDArray[np.int64], values: Numbers) -> tuple[Numbers, Mask]:
        """Spread values over the columns; an own one goes before one of a duplicate."""
        spread = np.zeros(len(self.keys), values.dtype)
        known = np.zeros(len(self.keys), bool)
        if self.stands:
            borrowed = np.isin(ids, np.fromiter(self.stands, np.int64))
            lent = np.flatnonzero(borrowed)
            lent = lent[np.argsort(ids[lent])]
            kept = np.array([self.stands[pk] for pk in ids[lent].tolist()], np.int64)
            self._enter(spread, known, kept, values[lent])
            ids, values = ids[~borrowed], values[~borrowed]
        self._enter(spread, known, ids, values)
        return spread, known

    def _enter(self, spread: Numbers, known: Mask, ids: NDArray[np.int64], values: Numbers) -> None:
        if not len(self.keys):
            return
        at = np.minimum(np.searchsorted(self.keys, ids), len(self.keys) - 1)
        found = self.keys[at] == ids
        spread[at[found]] = values[found]
        known[at[found]] = True


@dataclass(frozen=True, slots=True)
class Span:
    """A period for which values of an indicator were reported."""

    start: date
    end: date

    @property
    def month(self) -> int:
        """Its last month, counted through the years."""
        return self.end.year * 12 + self.end.month - 1

    @property
    def months(self) -> int:
        """How many months it touches."""
        return self.month - (self.start.year * 12 + self.start.month - 1) + 1


def days_of(day: date) -> int:
    """Return a day as Arrow counts it."""
    return (day - date(1970, 1, 1)).days


def spans_until(as_of: date) -> dict[int, list[Span]]:
    """Return the periods of every indicator that ended by a day, in their order.

    The index is asked for the next one each time: no value is looked at.
    """
    found: dict[int, list[Span]] = {}
    place: tuple[Any, ...] = (0, date.min.isoformat(), date.min.isoformat())
    query = (
        f"SELECT indicator_id, period_end, period_start FROM {_TABLE} "  # noqa: S608
        "WHERE (indicator_id, period_end, period_start) > (%s, %s, %s) "
        "ORDER BY indicator_id, period_end, period_start LIMIT 1"
    )
    with connection.cursor() as cursor:
        while True:
            cursor.execute(query, place)
            row = cursor.fetchone()
            if row is None:
                return found
            indicator, end, start = row[0], _day(row[1]), _day(row[2])
            if end <= as_of:
                found.setdefault(indicator, []).append(Span(start, end))
            place = (indicator, end.isoformat(), start.isoformat())


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def read_span(
    indicator: int, span: Span, moment: datetime, *, text: bool
) -> tuple[NDArray[np.int64], Numbers]:
    """Return enterprises and values of a period as known at a moment; no running totals."""
    column = "text" if text else "number_e4"
    there = "text <> ''" if text else "number_e4 IS NOT NULL"
    query = (
        f"SELECT enterprise_id, {column} FROM {_TABLE} WHERE indicator_id = %s "  # noqa: S608
        f"AND period_end = %s AND period_start = %s AND cumulative = %s AND {there} "
        "AND recorded_at < %s AND (superseded_at IS NULL OR superseded_at >= %s)"
    )
    at = connection.ops.adapt_datetimefield_value(moment)
    values = [indicator, span.end.isoformat(), span.start.isoformat(), False, at, at]
    return number_and_text(query, values) if text else number_pairs(query, values)


Period = tuple[Numbers, Mask]


@dataclass(slots=True)
class Series:
    """The periods of one indicator whose length is that of its rhythm, by their last month."""

    size: int
    step: int
    as_of: date
    periods: dict[int, Period] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)

    def add(self, span: Span, values: Numbers, known: Mask) -> None:
        """Add one period; of two that end in a month the later one goes before."""
        if span.month in self.periods:
            before, there = self.periods[span.month]
            values = np.where(known, values, before)
            known = known | there
        self.periods[span.month] = (values, known)
        self.ends[span.month] = days_of(span.end)

    @property
    def this_year(self) -> int:
        """The first month of the year of the day."""
        return self.as_of.year * 12

    @property
    def closed(self) -> int:
        """The last month that is over on the day."""
        tomorrow = self.as_of + timedelta(days=1)
        return tomorrow.year * 12 + tomorrow.month - 2

    def whole(self, last: int, months: int, how: str) -> tuple[Numbers, Mask]:
        """Return the window of so many months up to one, where all of it was reported."""
        wanted = range(last - months + self.step, last + 1, self.step)
        none = (np.zeros(self.size, np.int64), np.zeros(self.size, bool))
        if how == "last":
            return self.periods.get(last, none)
        total, rough = np.zeros(self.size, np.int64), np.zeros(self.size)
        known = np.ones(self.size, bool)
        for month in wanted:
            values, there = self.periods.get(month, none)
            total, rough = total + np.where(there, values, 0), rough + np.where(there, values, 0)
            known &= there
        known &= np.abs(rough) < LARGEST
        if how == "avg":
            total = _divided(total, len(wanted))
        return total, known


def _divided(total: Numbers, count: int) -> Numbers:
    """Return means, rounded half away from zero."""
    return np.sign(total) * ((2 * np.abs(total) + count) // (2 * count))


def cells_of(series: Series, feature: Feature) -> Cells:
    """Return what a window says; growth is made of other windows."""
    assert feature.window is not None
    return _MAKERS[feature.window](series, feature)


def _latest(series: Series, _feature: Feature) -> Cells:
    kind = next((values.dtype for values, _k in series.periods.values()), np.dtype(np.int64))
    cells = Cells.empty(series.size, kind)
    for month, (values, known) in sorted(series.periods.items()):
        cells.enter(known, values, series.ends[month])
    return cells


def _since(series: Series, _feature: Feature) -> Cells:
    """Say since when an enterprise has had the value it has: when a level was reached."""
    cells = _latest(series, _feature)
    since, had = Cells.empty(series.size), Cells.empty(series.size, cells.values.dtype)
    for month, (values, known) in sorted(series.periods.items()):
        changed = known & (~had.known | (had.values != values))
        since.enter(changed, np.zeros(series.size, np.int64), series.ends[month])
        had.enter(known, values, series.ends[month])
    since.values = since.on.astype(np.int64)
    return since


def _calendar(last: Callable[[Series], int], months: int) -> Callable[[Series, Feature], Cells]:
    def make(series: Series, feature: Feature) -> Cells:
        end = last(series)
        kind = next((values.dtype for values, _k in series.periods.values()), np.dtype(np.int64))
        cells = Cells.empty(series.size, kind)
        # A year of yearly values is one period, whatever may be done with several.
        how = "sum" if feature.aggregation == "sum" else feature.aggregation
        how = "last" if series.step == months or how not in ("sum", "avg") else how
        values, known = series.whole(end, months, how)
        cells.enter(known, values, series.ends.get(end, 0))
        return cells

    return make


def _quarter_end(series: Series) -> int:
    return (series.closed + 1) // 3 * 3 - 1


def _so_far(years_back: int) -> Callable[[Series, Feature], Cells]:
    def make(series: Series, feature: Feature) -> Cells:
        cells = Cells.empty(series.size)
        first, back = series.this_year, 12 * years_back
        for month in _reported(series, feature):
            if month >= first:
                whole, known = series.whole(month - back, month - first + 1, "sum")
                _anchored(cells, series, month, (whole, known), back)
        return cells

    return make


def _twelve(years_back: int) -> Callable[[Series, Feature], Cells]:
    def make(series: Series, feature: Feature) -> Cells:
        cells, back = Cells.empty(series.size), 12 * years_back
        for month in _reported(series, feature):
            _anchored(cells, series, month, series.whole(month - back, 12, "sum"), back)
        return cells

    return make


def _reported(series: Series, feature: Feature) -> Iterator[int]:
    """Yield the months whose values are still fresh, in their order."""
    oldest = days_of(series.as_of) - feature.fresh_days
    yield from (month for month in sorted(series.periods) if series.ends[month] >= oldest)


def _anchored(
    cells: Cells, series: Series, month: int, whole: tuple[Numbers, Mask], back: int
) -> None:
    """Enter the window of those who reported a month: it replaces that of an earlier one."""
    reported = series.periods[month][1]
    cells.known &= ~reported
    values, known = whole
    cells.enter(reported & known, values, series.ends.get(month - back, series.ends[month]))


_MAKERS: dict[Window, Callable[[Series, Feature], Cells]] = {
    Window.LATEST: _latest,
    Window.SINCE: _since,
    Window.LAST_MONTH: _calendar(lambda series: series.closed, 1),
    Window.LAST_QUARTER: _calendar(_quarter_end, 3),
    Window.LAST_YEAR: _calendar(lambda series: series.this_year - 1, 12),
    Window.YEAR_BEFORE: _calendar(lambda series: series.this_year - 13, 12),
    Window.YTD: _so_far(0),
    Window.YTD_BEFORE: _so_far(1),
    Window.TWELVE: _twelve(0),
    Window.TWELVE_BEFORE: _twelve(1),
}


def step_of(period: str) -> int:
    """Return how many months a rhythm's values stand for; a value of a day has none."""
    return next((months for kind, months in MONTHS_OF.items() if kind == period), 0)


def scaled(values: Numbers, factor: Any) -> Numbers:
    """Return numbers in another unit, rounded half up."""
    if factor == 1:
        return values
    return np.array([half_up(number * factor) for number in values.tolist()], np.int64)

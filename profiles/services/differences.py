"""Months from running totals: January to August less January to July is August."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from profiles.enums import PeriodKind
from profiles.models import IndicatorVersion, Observation
from profiles.services.recording import Value

Months = dict[tuple[int, int], Value]
PART = 500


def with_months(values: Iterable[Value]) -> list[Value]:
    """Return values and the months that follow from running totals among and around them.

    Only sums have months by difference, and only where a single month is left; a month that a
    department reported itself is never replaced. What follows from a total carries its cell.
    """
    given = list(values)
    monthly = _monthly_sums({value.indicator_id for value in given})
    years: dict[tuple[int, int], dict[int, Months]] = {}
    for value in given:
        if value.indicator_id in monthly:
            new = years.setdefault((value.indicator_id, value.period_start.year), {})
            span = _span(value.period_start, value.period_end)
            new.setdefault(value.enterprise_id, {})[span] = value
    totals = _with_totals(monthly)
    extra: list[Value] = []
    for (indicator_id, year), new in sorted(years.items(), key=lambda one: one[0]):
        if (indicator_id, year) not in totals and not _has_total(new):
            continue
        known, derived = _known(indicator_id, year, set(new))
        for enterprise_id, months in new.items():
            stood = known.get(enterprise_id, {})
            extra += _months_of(months, stood, derived.get(enterprise_id, set()))
    return [*given, *extra]


def _has_total(new: dict[int, Months]) -> bool:
    return any(first != last for months in new.values() for first, last in months)


def _span(start: date, end: date) -> tuple[int, int]:
    return start.month, end.month


def _monthly_sums(indicators: set[int]) -> set[int]:
    rows = IndicatorVersion.objects.filter(
        indicator__in=indicators, period=PeriodKind.MONTH, aggregation="sum", effective_to=None
    )
    return set(rows.values_list("indicator_id", flat=True))


def _with_totals(indicators: set[int]) -> set[tuple[int, int]]:
    """Return the indicators and years of which a running total stands."""
    rows = Observation.objects.current().filter(indicator__in=indicators, cumulative=True)
    found = rows.order_by().values_list("indicator_id", "period_start__year").distinct()
    return set(found)


def _known(
    indicator_id: int, year: int, enterprises: set[int]
) -> tuple[dict[int, Months], dict[int, set[tuple[int, int]]]]:
    """Return what stands of a year, and which months of it follow from a total already."""
    known: dict[int, Months] = {}
    derived: dict[int, set[tuple[int, int]]] = {}
    wanted = sorted(enterprises)
    for place in range(0, len(wanted), PART):
        rows = Observation.objects.current().filter(
            indicator_id=indicator_id,
            enterprise_id__in=wanted[place : place + PART],
            period_start__year=year,
            period_end__year=year,
        )
        cells: dict[int, set[tuple[int, int | None, str]]] = {}
        found = list(rows)
        for row in found:
            if row.cumulative:
                cells.setdefault(row.enterprise_id, set()).add((row.batch_id, row.row, row.column))
        for row in found:
            span = _span(row.period_start, row.period_end)
            known.setdefault(row.enterprise_id, {})[span] = Value(
                row.enterprise_id,
                indicator_id,
                row.period_start,
                row.period_end,
                row.number_e4,
                cumulative=row.cumulative,
                row=row.row,
                column=row.column,
            )
            cell = (row.batch_id, row.row, row.column)
            if not row.cumulative and cell in cells.get(row.enterprise_id, set()):
                derived.setdefault(row.enterprise_id, set()).add(span)
    return known, derived


def _months_of(new: Months, known: Months, derived: set[tuple[int, int]]) -> list[Value]:
    """Return the months that follow for one enterprise, indicator and year."""
    stands = {**known, **new}
    reported = {
        span for span in stands if span[0] == span[1] and (span in new or span not in derived)
    }
    found: list[Value] = []
    for first, last in sorted(stands):
        if first == last or (last, last) in reported:
            continue
        before = _total(stands, first, last - 1)
        total = stands[first, last]
        if before is None or total.number_e4 is None:
            continue
        start = date(total.period_start.year, last, 1)
        month = replace(
            total, period_start=start, cumulative=False, number_e4=total.number_e4 - before
        )
        old = stands.get((last, last))
        if old is None or old.number_e4 != month.number_e4:
            found.append(month)
        stands[last, last] = month
        reported.add((last, last))
    return found


def _total(stands: Months, first: int, last: int) -> int | None:
    """Return what stands for some months together: as one number, or month by month."""
    whole = stands.get((first, last))
    if whole is not None:
        return whole.number_e4
    months = [stands.get((month, month)) for month in range(first, last + 1)]
    if any(month is None or month.number_e4 is None for month in months):
        return None
    return sum(month.number_e4 for month in months if month and month.number_e4 is not None)

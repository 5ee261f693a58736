"""Reads of the profile room."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from crm.common.people.actor import Actor
from crm.models import Enterprise
from profiles.models import ImportBatch, Indicator, IndicatorVersion, Observation

# An enterprise's own value goes before one reported for a duplicate merged into it.
OWN_FIRST = F("enterprise__merged_into").asc(nulls_first=True)


def versions_on(day: date) -> QuerySet[IndicatorVersion]:
    """Return the catalogue in force on a day, each with all versions of its indicator."""
    whole = Prefetch("indicator", Indicator.objects.with_versions())
    rows = IndicatorVersion.objects.in_force(day).select_related("department")
    return rows.prefetch_related(whole).order_by("indicator_id")


@dataclass(frozen=True, slots=True)
class DatedValue:
    """The newest value of an indicator, and whether it is still fresh."""

    observation: Observation
    stale: bool


@dataclass(frozen=True, slots=True)
class DepartmentValues:
    """What one department reported of an enterprise."""

    department: str
    values: list[DatedValue]


def newest_values(actor: Actor, enterprise: Enterprise, today: date) -> list[DepartmentValues]:
    """Return the newest value of every indicator, by department, with date and freshness."""
    rows = (
        Observation.objects.visible_to(actor)
        .current()
        .of_enterprise(enterprise)
        .filter(cumulative=False)
        .select_related("batch")
        .with_meaning()
        .order_by("indicator_id", "-period_end", OWN_FIRST)
    )
    newest: dict[int, Observation] = {}
    for row in rows:
        newest.setdefault(row.indicator_id, row)
    grouped: dict[str, list[DatedValue]] = {}
    for row in sorted(newest.values(), key=lambda row: row.meaning.department.path):
        stale = (today - row.period_end).days > row.meaning.fresh_days
        name = row.meaning.department.short_name
        grouped.setdefault(name, []).append(DatedValue(row, stale))
    return [DepartmentValues(name, values) for name, values in grouped.items()]


def history_of(actor: Actor, enterprise: Enterprise, indicator_id: int) -> QuerySet[Observation]:
    """Return every value ever recorded of an indicator, newest period first."""
    return (
        Observation.objects.visible_to(actor)
        .of_enterprise(enterprise)
        .filter(indicator_id=indicator_id)
        .select_related("batch")
        .with_meaning()
        .order_by("-period_end", "-recorded_at")
    )


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Return the imports the actor may see, newest first."""
    return ImportBatch.objects.visible_to(actor).select_related("department", "imported_by")

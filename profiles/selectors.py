"""Reads of the profile room."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from crm.common.people.actor import Actor
from crm.models import Enterprise
from crm.models.enterprises import of_any
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


def seen_indicators(actor: Actor, enterprise_id: int, wanted: set[int]) -> set[int]:
    """Return those of the wanted indicators whose values of an enterprise the actor may see."""
    rows = Observation.objects.visible_to(actor).filter(of_any([enterprise_id]))
    return set(rows.filter(indicator__in=wanted).values_list("indicator_id", flat=True))


def withheld_count(actor: Actor, enterprise: Enterprise) -> int:
    """Return how many indicators are known of an enterprise without being open to the actor."""
    known = Observation.objects.of_enterprise(enterprise).current().filter(cumulative=False)
    ids = set(known.order_by().values_list("indicator_id", flat=True).distinct())
    return len(ids - seen_indicators(actor, enterprise.pk, ids))


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

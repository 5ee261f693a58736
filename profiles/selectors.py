"""Reads of the profile room."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from crm.common.people.actor import Actor
from crm.models import Enterprise
from profiles.models import ImportBatch, Observation

# An enterprise's own value goes before one reported for a duplicate merged into it.
OWN_FIRST = F("enterprise__merged_into").asc(nulls_first=True)


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
        .select_related("indicator__department", "batch")
        .order_by("indicator__department__path", "indicator_id", "-period_end", OWN_FIRST)
    )
    seen: set[int] = set()
    grouped: dict[str, list[DatedValue]] = {}
    for row in rows:
        if row.indicator_id in seen:
            continue
        seen.add(row.indicator_id)
        stale = (today - row.period_end).days > row.indicator.fresh_days
        name = row.indicator.department.short_name
        grouped.setdefault(name, []).append(DatedValue(row, stale))
    return [DepartmentValues(name, values) for name, values in grouped.items()]


def history_of(actor: Actor, enterprise: Enterprise, indicator_id: int) -> QuerySet[Observation]:
    """Return every value ever recorded of an indicator, newest period first."""
    return (
        Observation.objects.visible_to(actor)
        .of_enterprise(enterprise)
        .filter(indicator_id=indicator_id)
        .select_related("indicator__department", "batch")
        .order_by("-period_end", "-recorded_at")
    )


def batches(actor: Actor) -> QuerySet[ImportBatch]:
    """Return the imports the actor may see, newest first."""
    return ImportBatch.objects.visible_to(actor).select_related("department", "imported_by")

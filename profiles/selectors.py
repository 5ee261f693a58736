"""Reads of the profile room."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Prefetch, QuerySet

from crm.common.people.actor import Actor
from crm.common.records.searching import normalise
from crm.models import Enterprise
from crm.models.enterprises import of_any
from profiles.models import (
    ImportBatch,
    Indicator,
    IndicatorVersion,
    Label,
    LabelAssignment,
    LabelCheck,
    LabelRun,
    LabelVersion,
    Observation,
)

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
    """What one department reported of an enterprise, and what it has not."""

    department: str
    values: list[DatedValue]
    missing: list[IndicatorVersion] = field(default_factory=list)

    @property
    def stale(self) -> int:
        """How many of its values are no longer fresh."""
        return sum(one.stale for one in self.values)

    @property
    def newest(self) -> date | None:
        """The end of the newest period it reported."""
        return max((one.observation.period_end for one in self.values), default=None)


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


def with_gaps(
    groups: list[DepartmentValues], enterprise: Enterprise, today: date
) -> list[DepartmentValues]:
    """Add to each department the indicators it owes: nobody has a value of them."""
    known = set(
        Observation.objects.of_enterprise(enterprise)
        .current()
        .order_by()
        .values_list("indicator_id", flat=True)
        .distinct()
    )
    named = {group.department: group for group in groups}
    for version in versions_on(today):
        if version.indicator_id in known:
            continue
        name = version.department.short_name
        named.setdefault(name, DepartmentValues(name, [])).missing.append(version)
    return list(named.values())


def narrowed(groups: list[DepartmentValues], find: str, *, gaps: bool) -> list[DepartmentValues]:
    """Keep the indicators whose name holds the words, and with `gaps` the stale and missing."""
    wanted = normalise(find)
    kept = [
        DepartmentValues(
            group.department,
            [
                one
                for one in group.values
                if wanted in normalise(one.observation.meaning.label) and (one.stale or not gaps)
            ],
            [one for one in group.missing if wanted in normalise(one.label)],
        )
        for group in groups
    ]
    return [group for group in kept if group.values or group.missing]


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


def standing_labels(actor: Actor, enterprise: Enterprise) -> QuerySet[LabelAssignment]:
    """Return what stands on an enterprise and the actor may see, warnings first."""
    rows = LabelAssignment.objects.visible_to(actor).standing().of_enterprise(enterprise)
    return rows.select_related("version", "label").order_by("-label__kind", "label_id")


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label in force, with what the newest judging counted."""

    version: LabelVersion
    standing: int = 0
    begun: int = 0
    ended: int = 0
    unknown: int = 0

    @property
    def change(self) -> int:
        """How many more stand than before the newest judging."""
        return self.begun - self.ended


def newest_labels(day: date) -> tuple[list[LabelRow], LabelRun | None]:
    """Return the labels in force on a day, warnings first, and the newest judging."""
    run = LabelRun.objects.first()
    counts = run.counts if run else {}
    versions = LabelVersion.objects.in_force(day).select_related("label")
    rows = versions.order_by("-in_use", "-label__kind", "label_id")
    return [LabelRow(row, **counts.get(str(row.label_id), {})) for row in rows], run


def assignments_of(
    actor: Actor, label: Label, side: str, run: LabelRun | None
) -> QuerySet[LabelAssignment]:
    """Return who stands, came with the newest judging, or left with it, as far as it is open."""
    rows = LabelAssignment.objects.visible_to(actor).filter(label=label)
    day = run.as_of if run is not None else date.max
    rows = rows.filter(ending__on=day) if side == "ended" else rows.filter(ending=None)
    if side == "begun":
        rows = rows.filter(since=day)
    checks = Prefetch("checks", LabelCheck.objects.select_related("issue", "checked_by"))
    rows = rows.select_related("enterprise__area", "version", "ending", "label")
    return rows.prefetch_related(checks).order_by("-since", "pk")

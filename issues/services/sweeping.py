"""大排查: open a round, record visits with what was found, close it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.numbering import next_number
from crm.models import Department, Enterprise
from issues.enums import IssueSource, Severity, SweepStatus
from issues.models import Issue, IssueCategory, Sweep, SweepTarget, SweepVisit
from issues.permissions import can_run_sweeps, can_visit
from issues.services.logging import log_issue
from projects.models import Project


@dataclass(frozen=True, slots=True)
class TargetSpec:
    """Whom to visit, by whom, on which day."""

    enterprise: Enterprise | None
    owner: User
    planned_on: date
    project: Project | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue found during a visit."""

    category: IssueCategory
    verbatim: str
    severity: str = Severity.NORMAL
    title: str = ""
    department: Department | None = None
    photos: Sequence[Any] = field(default_factory=tuple)


@transaction.atomic
def open_sweep(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    starts_on: date,
    ends_on: date,
    targets: Iterable[TargetSpec],
) -> Sweep:
    """Open the next round with its targets; raises UserFacingError for an empty scope."""
    if not can_run_sweeps(actor):
        raise NotAllowedError(_("Only team leads, leaders and administrators open a round."))
    wanted = list(targets)
    if not wanted:
        raise UserFacingError(_("The scope is empty: no project or enterprise would be visited."))
    if ends_on < starts_on:
        raise UserFacingError(_("The round ends before it starts. Change one of the two days."))
    sweep = Sweep.objects.create(
        number=next_number("sweep"),
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        opened_at=at,
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )
    SweepTarget.objects.bulk_create(
        SweepTarget(
            sweep=sweep,
            enterprise=one.enterprise,
            project=one.project,
            owner=one.owner,
            planned_on=one.planned_on,
        )
        for one in wanted
    )
    audit.record("sweep.opened", actor=actor, target=sweep, after={"targets": len(wanted)})
    return sweep


def _check_visit(actor: Actor, sweep: Sweep) -> None:
    if not can_visit(actor) or actor.user_id is None:
        raise NotAllowedError(_("Only the office records visits of a round."))
    if sweep.status != SweepStatus.OPEN:
        raise UserFacingError(_("This round is finished; log the issue by itself."))


@transaction.atomic
def record_sweep_visit(
    *,
    actor: Actor,
    at: datetime,
    target: SweepTarget,
    findings: Iterable[Finding] = (),
    note: str = "",
    visited_at: datetime | None = None,
) -> SweepVisit:
    """Record the visit to a target; without findings it says that nothing was found."""
    found = list(findings)
    _check_visit(actor, target.sweep)
    if SweepVisit.objects.filter(target=target).exists():
        raise UserFacingError(_("This visit is already on record. Add issues to it there."))
    visit = SweepVisit.objects.create(
        target=target,
        visited_at=visited_at or at,
        visitor_id=actor.user_id or 0,
        nothing_found=not found,
        note=note.strip(),
    )
    audit.record("sweep.visited", actor=actor, target=visit, after={"issues": len(found)})
    for one in found:
        add_sweep_issue(actor=actor, at=at, visit=visit, finding=one)
    return visit


@transaction.atomic
def add_sweep_issue(*, actor: Actor, at: datetime, visit: SweepVisit, finding: Finding) -> Issue:
    """Log an issue found during a visit; the visit no longer says that nothing was found."""
    target = visit.target
    if target.enterprise is None:
        raise UserFacingError(
            _("“%(project)s” has no enterprise on record yet. Register it, then log the issue.")
            % {"project": target.project}
        )
    if visit.nothing_found:
        visit.nothing_found = False
        visit.save(update_fields=["nothing_found"])
    return log_issue(
        actor=actor,
        at=at,
        enterprise=target.enterprise,
        project=target.project,
        category=finding.category,
        verbatim=finding.verbatim,
        title=finding.title,
        severity=finding.severity,
        source=IssueSource.SWEEP,
        photos=finding.photos,
        department=finding.department,
        sweep_visit=visit,
    )


@transaction.atomic
def record_clean_visits(
    *, actor: Actor, at: datetime, sweep: Sweep, visits: Iterable[tuple[SweepTarget, datetime]]
) -> int:
    """Record many visits in which nothing was found, each by its target's owner.

    For lists kept on paper during the round; returns how many were new.
    """
    _check_visit(actor, sweep)
    known = set(SweepVisit.objects.filter(target__sweep=sweep).values_list("target_id", flat=True))
    rows = [
        SweepVisit(target=target, visited_at=when, visitor_id=target.owner_id, nothing_found=True)
        for target, when in visits
        if target.pk not in known and target.sweep_id == sweep.pk
    ]
    made = SweepVisit.objects.bulk_create(rows)
    audit.record("sweep.visited_many", actor=actor, target=sweep, after={"visits": len(made)})
    return len(made)


@transaction.atomic
def close_sweep(*, actor: Actor, at: datetime, sweep: Sweep, summary: str) -> Sweep:
    """Close a round with its summary; targets not visited stay counted as such."""
    if not can_run_sweeps(actor):
        raise NotAllowedError(_("Only team leads, leaders and administrators close a round."))
    current = Sweep.objects.select_for_update(of=("self",)).get(pk=sweep.pk)
    if current.status == SweepStatus.CLOSED:
        raise UserFacingError(_("This round is already finished."))
    if not summary.strip():
        raise UserFacingError(_("Write the summary: a round closes with what came of it."))
    sweep.status, sweep.closed_at, sweep.summary = SweepStatus.CLOSED, at, summary.strip()
    sweep.updated_at = at
    sweep.save(update_fields=["status", "closed_at", "summary", "updated_at"])
    audit.record("sweep.closed", actor=actor, target=sweep)
    return sweep

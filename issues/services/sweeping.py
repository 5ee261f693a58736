"""大排查: open a round, record visits with what was found, close it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.numbering import next_number
from crm.common.records.transitions import lock
from crm.enums import VisitPurpose
from crm.models import Department, Enterprise
from crm.services.visits import PaperVisit, record_paper_visits, record_visit
from issues.enums import IssueSource, Severity, SweepStatus
from issues.models import Issue, IssueCategory, Sweep, SweepTarget
from issues.permissions import can_hand_over, can_run_sweeps, can_visit
from issues.services import messages
from issues.services.logging import log_issue
from issues.states import SWEEP_MACHINE
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
def plan_sweep(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    starts_on: date,
    ends_on: date,
    targets: Iterable[TargetSpec],
) -> Sweep:
    """Plan the next round with its targets; raises UserFacingError for an empty scope."""
    if not can_run_sweeps(actor):
        raise NotAllowedError(_("Only team leads and leaders open a round."))
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
    SWEEP_MACHINE.begin(sweep, actor=actor, at=at)
    audit.record("sweep.planned", actor=actor, target=sweep, after={"targets": len(wanted)})
    return sweep


@SWEEP_MACHINE.makes("open")
@transaction.atomic
def start_sweep(*, actor: Actor, at: datetime, sweep: Sweep, version: int | None = None) -> Sweep:
    """Open a planned round: from here visits are recorded."""
    SWEEP_MACHINE.apply(
        sweep, "open", actor=actor, at=at, version=version, changes={"opened_at": at}
    )
    audit.record("sweep.opened", actor=actor, target=sweep)
    return sweep


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
    """Plan a round and open it at once."""
    sweep = plan_sweep(
        actor=actor, at=at, title=title, starts_on=starts_on, ends_on=ends_on, targets=targets
    )
    return start_sweep(actor=actor, at=at, sweep=sweep)


def _open_target(actor: Actor, target: SweepTarget) -> SweepTarget:
    """Return the target locked, if its round is going on and the actor may visit."""
    if not can_visit(actor) or actor.user_id is None:
        raise NotAllowedError(_("Only the office records visits of a round."))
    rows = SweepTarget.objects.select_for_update(of=("self",)).select_related(
        "sweep", "enterprise__area", "project__area"
    )
    current = rows.get(pk=target.pk)
    if not current.sweep.is_open:
        raise UserFacingError(_("This round is not going on; log the issue by itself."))
    return current


@transaction.atomic
def record_sweep_visit(
    *,
    actor: Actor,
    at: datetime,
    target: SweepTarget,
    findings: Iterable[Finding] = (),
    note: str = "",
    met: str = "",
    visited_at: datetime | None = None,
) -> SweepTarget:
    """Record the visit to a target; without findings it says that nothing was found."""
    found = list(findings)
    current = _open_target(actor, target)
    if current.is_settled:
        raise UserFacingError(_("This visit is already on record. Add issues to it there."))
    target.visit = record_visit(
        actor=actor,
        at=at,
        enterprise=current.enterprise,
        about=current.project,
        area=current.project.area if current.project else None,
        visited_at=visited_at or at,
        purpose=VisitPurpose.SWEEP,
        learnt=note.strip(),
        met=met.strip(),
    )
    target.nothing_found = not found
    target.save(update_fields=["visit", "nothing_found"])
    audit.record("sweep.visited", actor=actor, target=target, after={"issues": len(found)})
    for one in found:
        add_sweep_issue(actor=actor, at=at, target=target, finding=one)
    return target


@transaction.atomic
def excuse_target(*, actor: Actor, at: datetime, target: SweepTarget, reason: str) -> SweepTarget:
    """Leave a target out of a round with a reason: moved away, closed, at the investor's wish."""
    if not can_run_sweeps(actor):
        raise NotAllowedError(_("Only team leads and leaders excuse a target."))
    current = _open_target(actor, target)
    if current.is_settled:
        raise UserFacingError(_("This target is visited or excused already."))
    if not reason.strip():
        raise UserFacingError(_("Say why nobody goes there."))
    target.excused_at, target.excuse = at, reason.strip()
    target.save(update_fields=["excused_at", "excuse"])
    audit.record("sweep.excused", actor=actor, target=target, note=reason.strip())
    return target


@transaction.atomic
def remind_owners(*, actor: Actor, at: datetime, sweep: Sweep, owner: User | None = None) -> int:
    """催未走访: remind who has targets left, or one of them; each once a day.

    Returns how many people were told. Raises UserFacingError where nobody is left to remind.
    """
    if not can_run_sweeps(actor):
        raise NotAllowedError(_("Only team leads and leaders remind the agents of a round."))
    current = lock(sweep)
    if not current.is_open:
        raise UserFacingError(_("This round is not going on: there is nobody to remind."))
    rows = SweepTarget.objects.visible_to(actor).filter(sweep=current)
    left = rows.unsettled().select_related("owner").order_by("owner", "pk")
    if owner is not None:
        left = left.filter(owner=owner)
    owed: dict[User, list[SweepTarget]] = {}
    for target in left:
        owed.setdefault(target.owner, []).append(target)
    today = local_date(at)
    told = 0
    for person, targets in owed.items():
        late = sum(one.planned_on < today for one in targets)
        told += messages.visits_owed(current, person, len(targets), late, by=actor.name, at=at)
    if not told:
        raise UserFacingError(_("Everybody who has visits left was reminded today already."))
    audit.record("sweep.reminded", actor=actor, target=sweep, after={"people": told})
    return told


@transaction.atomic
def give_target(*, actor: Actor, at: datetime, target: SweepTarget, owner: User) -> SweepTarget:
    """Give a target that nobody visited yet to another agent, who is told by the next reminder."""
    if not can_run_sweeps(actor):
        raise NotAllowedError(_("Only team leads and leaders give a target to somebody else."))
    current = _open_target(actor, target)
    if current.is_settled:
        raise UserFacingError(_("This target is visited or excused already."))
    if not owner.is_active:
        raise UserFacingError(_("This account is switched off: choose somebody else."))
    before, target.owner = current.owner_id, owner
    target.save(update_fields=["owner"])
    audit.record(
        "sweep.given",
        actor=actor,
        target=target,
        before={"owner": before},
        after={"owner": owner.pk},
    )
    return target


@transaction.atomic
def add_sweep_issue(*, actor: Actor, at: datetime, target: SweepTarget, finding: Finding) -> Issue:
    """Log an issue found during a visit; the round no longer says that nothing was found."""
    if target.visit is None:
        raise UserFacingError(_("Nobody was there yet: record the visit first."))
    if not target.sweep.is_open:
        raise UserFacingError(_("This round is not going on; log the issue by itself."))
    if target.nothing_found:
        target.nothing_found = False
        target.save(update_fields=["nothing_found"])
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
        visit=target.visit,
    )


@transaction.atomic
def record_clean_visits(
    *, actor: Actor, at: datetime, sweep: Sweep, visits: Iterable[tuple[SweepTarget, datetime]]
) -> int:
    """Record many visits in which nothing was found, each by its target's owner.

    For lists kept on paper during the round; returns how many were new.
    """
    if not can_visit(actor) or not Sweep.objects.get(pk=sweep.pk).is_open:
        raise NotAllowedError(_("Only the office records visits of a round that is going on."))
    wanted = {target.pk: when for target, when in visits}
    rows = list(
        SweepTarget.objects.select_for_update(of=("self",))
        .filter(sweep=sweep, pk__in=list(wanted), visit=None, excused_at=None)
        .select_related("enterprise", "project")
    )
    made = record_paper_visits(
        actor=actor,
        at=at,
        lines=[
            PaperVisit(
                visited_at=wanted[row.pk],
                visitor_id=row.owner_id,
                area_id=row.area_id,
                enterprise_id=row.enterprise_id,
                about=row.project,
            )
            for row in rows
        ],
    )
    for row, visit in zip(rows, made, strict=True):
        row.visit, row.nothing_found = visit, True
    SweepTarget.objects.bulk_update(rows, ["visit", "nothing_found"], batch_size=200)
    audit.record("sweep.visited_many", actor=actor, target=sweep, after={"visits": len(made)})
    return len(made)


@SWEEP_MACHINE.makes("close")
@transaction.atomic
def close_sweep(
    *, actor: Actor, at: datetime, sweep: Sweep, version: int | None = None, summary: str
) -> Sweep:
    """Close a round with its summary, once every target is visited or excused."""
    if not summary.strip():
        raise UserFacingError(_("Write the summary: a round closes with what came of it."))
    SWEEP_MACHINE.apply(
        sweep,
        "close",
        actor=actor,
        at=at,
        version=version,
        reason=summary.strip(),
        changes={"closed_at": at, "summary": summary.strip()},
    )
    audit.record("sweep.closed", actor=actor, target=sweep)
    return sweep


@transaction.atomic
def hand_over_targets(*, actor: Actor, leaving: User, taking: User) -> int:
    """Give the targets a person has not visited yet to another; return how many."""
    if not can_hand_over(actor):
        raise NotAllowedError(_("Administrators hand over the work of who leaves."))
    rows = SweepTarget.objects.filter(owner=leaving).exclude(sweep__status=SweepStatus.CLOSED)
    moved = list(rows.unsettled().select_for_update().values_list("pk", flat=True))
    SweepTarget.objects.filter(pk__in=moved).update(owner=taking)
    after = {"to": taking.pk, "targets": moved}
    audit.record("sweep.hand_over", actor=actor, target=leaving, after=after)
    return len(moved)

"""代办审批: entrusting matters and pushing them against the clock."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.models import Transition
from crm.common.records.numbering import next_number
from crm.common.records.transitions import MoveRefused, lock
from projects.enums import ApprovalStatus
from projects.models import Approval, ApprovalMatter, ApprovalPause, MatterVersion, Project
from projects.permissions import can_drive, can_hand_over
from projects.rules import due_on
from projects.selectors import open_cases_of
from projects.services.lights import refresh_light
from projects.states import APPROVAL_MACHINE


@transaction.atomic
def entrust_approvals(
    *, actor: Actor, project: Project, matters: Iterable[ApprovalMatter], at: datetime
) -> list[Approval]:
    """Draw up cases for the matters and record that the enterprise entrusted them.

    Raises UserFacingError naming a matter that already has a live case in this project.
    """
    if not can_drive(actor, lock(project)):
        raise NotAllowedError(_("Agents of the area and of the team entrust matters."))
    wanted = list(matters)
    live = project.approvals.exclude(status=ApprovalStatus.REFUSED).filter(matter__in=wanted)
    if case := live.select_related("version_of_matter").first():
        raise UserFacingError(
            _("“%(matter)s” is already under way: %(number)s.")
            % {"matter": case.name, "number": case.number}
        )
    versions = versions_in_force(wanted, local_date(at))
    cases = []
    for matter in wanted:
        case = Approval.objects.create(
            number=f"{project.code}-{matter.code}-{next_number(project.code)}",
            project=project,
            matter=matter,
            version_of_matter=versions[matter.pk],
            department_id=versions[matter.pk].department_id,
            agent_id=actor.user_id,
            created_at=at,
            updated_at=at,
        )
        APPROVAL_MACHINE.begin(case, actor=actor, at=at)
        APPROVAL_MACHINE.apply(case, "entrust", actor=actor, at=at, changes={"entrusted_at": at})
        cases.append(case)
    after = {"matters": [matter.code for matter in wanted]}
    audit.record("approval.entrust", actor=actor, target=project, after=after)
    return cases


def versions_in_force(matters: Iterable[ApprovalMatter], day: date) -> dict[int, MatterVersion]:
    """Return the version of each matter in force on a day; all must have one."""
    wanted = list(matters)
    found = {
        row.matter_id: row for row in MatterVersion.objects.in_force(day).filter(matter__in=wanted)
    }
    if missing := [matter.code for matter in wanted if matter.pk not in found]:
        raise UserFacingError(
            _("Not in force on %(day)s: %(codes)s.")
            % {"day": day.isoformat(), "codes": _(", ").join(missing)}
        )
    return found


@transaction.atomic
def move_approval(
    *,
    actor: Actor,
    approval: Approval,
    move: str,
    at: datetime,
    calendar: WorkCalendar | None = None,
    version: int | None = None,
    reason: str = "",
    result_number: str = "",
) -> Transition:
    """Make one move of a case; acceptance starts its clock, a stop stops it.

    Acceptance freezes the version of the matter in force that day and the days it promises:
    a later change of the catalogue moves no running clock. Raises MoveRefused when the move is
    not in the table, and UserFacingError when a decision has no certificate number.
    """
    if move == "decide" and not result_number.strip():
        raise UserFacingError(_("A decision needs the number of its certificate or reply."))
    if move not in APPROVAL_MACHINE.moves:
        raise MoveRefused(_("There is no such step."))
    days = calendar or load_calendar()

    def changes(locked: Approval) -> dict[str, Any]:
        _keep_pauses(locked, move, at, reason)
        fields = _clock_fields(locked, move, at, days)
        if move == "decide":
            fields["result_number"] = result_number.strip()
        return fields

    row = APPROVAL_MACHINE.apply(
        approval, move, actor=actor, at=at, version=version, reason=reason, changes=changes
    )
    refresh_light(project=approval.project, today=local_date(at))
    audit.record(f"approval.{move}", actor=actor, target=approval, note=reason)
    return row


def _keep_pauses(approval: Approval, move: str, at: datetime, reason: str) -> None:
    day = local_date(at)
    if move == "stop_clock":
        ApprovalPause.objects.create(approval=approval, start_on=day, reason=reason[:120])
    elif move == "resume":
        approval.pauses.filter(end_on=None).update(end_on=day)


def _clock_fields(
    approval: Approval, move: str, at: datetime, calendar: WorkCalendar
) -> dict[str, Any]:
    day = local_date(at)
    if move in {"decide", "refuse"}:
        return {"decided_on": day}
    fields: dict[str, Any] = {}
    if move == "accept":
        frozen = versions_in_force([approval.matter], day)[approval.matter_id]
        fields = {
            "accepted_on": day,
            "version_of_matter": frozen,
            "statutory_days": frozen.statutory_days,
            "promised_days": frozen.promised_days,
        }
    accepted_on = fields.get("accepted_on", approval.accepted_on)
    if move not in {"accept", "stop_clock", "resume"} or accepted_on is None:
        return fields
    promised = fields.get("promised_days", approval.promised_days)
    pauses = [pause.as_pause() for pause in approval.pauses.all()]
    due = None if promised is None else due_on(accepted_on, promised, pauses, calendar)
    return {**fields, "due_on": due}


for _name in APPROVAL_MACHINE.moves:
    APPROVAL_MACHINE.makes(_name)(partial(move_approval, move=_name))


@transaction.atomic
def hand_over_cases(*, actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    """Give the approvals a person pushes to another; return how many.

    Raises NotAllowedError for everybody but who keeps the accounts.
    """
    if not can_hand_over(actor):
        raise NotAllowedError(_("Administrators hand over the work of who leaves."))
    moved = list(open_cases_of(leaving).select_for_update().values_list("pk", flat=True))
    Approval.objects.filter(pk__in=moved).update(
        agent=taking, updated_at=at, version=F("version") + 1
    )
    after = {"to": taking.pk, "approvals": moved}
    audit.record("approval.hand_over", actor=actor, target=leaving, after=after)
    return len(moved)

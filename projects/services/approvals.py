"""代办审批: entrusting matters and pushing them against the clock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import local_date
from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import Transition
from crm.common.records.transitions import MoveRefused
from projects.enums import ApprovalStatus
from projects.models import Approval, ApprovalMatter, ApprovalPause, Project
from projects.rules import due_on
from projects.states import APPROVALS


@transaction.atomic
def entrust_approvals(
    *, actor: Actor, project: Project, matters: Iterable[ApprovalMatter], at: datetime
) -> list[Approval]:
    """Draw up cases for the matters and record that the enterprise entrusted them.

    Raises UserFacingError naming a matter that already has a live case in this project.
    """
    wanted = list(matters)
    live = project.approvals.exclude(status=ApprovalStatus.REFUSED).filter(matter__in=wanted)
    if case := live.select_related("matter").first():
        raise UserFacingError(
            _("“%(matter)s” is already under way: %(number)s.")
            % {"matter": case.matter.name, "number": case.number}
        )
    cases = []
    first = project.approvals.count()
    for offset, matter in enumerate(wanted, start=1):
        case = Approval.objects.create(
            number=f"{project.code}-{matter.code}-{first + offset}",
            project=project,
            matter=matter,
            department_id=matter.department_id,
            agent_id=actor.user_id,
            created_at=at,
            updated_at=at,
        )
        APPROVALS.apply(case, "entrust", actor=actor, at=at, changes={"entrusted_at": at})
        cases.append(case)
    after = {"matters": [matter.code for matter in wanted]}
    audit.record("approval.entrust", actor=actor, target=project, after=after)
    return cases


@transaction.atomic
def move_approval(
    *,
    actor: Actor,
    approval: Approval,
    move: str,
    at: datetime,
    calendar: WorkCalendar,
    reason: str = "",
    result_number: str = "",
) -> Transition:
    """Make one move of a case; acceptance starts its clock, a stop stops it.

    Raises MoveRefused when the move is not in the table, and UserFacingError when a decision
    has no certificate number.
    """
    if move == "decide" and not result_number.strip():
        raise UserFacingError(_("A decision needs the number of its certificate or reply."))
    if move not in APPROVALS.moves:
        raise MoveRefused(_("There is no such step."))
    _keep_pauses(approval, move, at, reason)
    fields = _clock_fields(approval, move, at, calendar)
    if move == "decide":
        fields["result_number"] = result_number.strip()
    row = APPROVALS.apply(approval, move, actor=actor, at=at, reason=reason, changes=fields)
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
    accepted_on = day if move == "accept" else approval.accepted_on
    if move not in {"accept", "stop_clock", "resume"} or accepted_on is None:
        return {}
    promised = approval.matter.promised_days
    pauses = [pause.as_pause() for pause in approval.pauses.all()]
    due = None if promised is None else due_on(accepted_on, promised, pauses, calendar)
    return {"accepted_on": accepted_on, "due_on": due}

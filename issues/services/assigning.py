"""Hand an issue out: assign, sign for, start, return what is not ours."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.transitions import MoveRefused, lock
from crm.models import Department
from issues.enums import AssignmentRole, IssueStatus
from issues.models import Issue, IssueAssignment, IssueRound
from issues.selectors.ledger import active_assignments, to_sign
from issues.services import messages
from issues.states import ISSUE_MACHINE


@ISSUE_MACHINE.makes("assign", "reassign")
@transaction.atomic
def assign_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    version: int | None = None,
    department: Department,
    assisting: Iterable[Department] = (),
    task: str = "",
) -> Issue:
    """交办: hand an issue to a leading department and those that assist.

    The parts of those that had it before stay on record as withdrawn. Raises MoveRefused,
    NotAllowedError, or UserFacingError where a complaint would go to whom it is about.
    """
    current = lock(issue)
    move = "reassign" if current.is_being_handled else "assign"
    others = [row for row in assisting if row.pk != department.pk]
    accused = current.about_department
    if accused is not None and any(_one_line(accused, row) for row in (department, *others)):
        raise UserFacingError(
            _("The issue is about this department: assign it to another one or to the office.")
        )
    wanted = {department.pk: AssignmentRole.LEAD}
    wanted |= {row.pk: AssignmentRole.ASSIST for row in others}
    this = IssueRound.objects.get(issue=issue, number=current.round_number)
    ISSUE_MACHINE.check_version(current, version)
    if move == "reassign" and _have_it(this, wanted, task):
        raise MoveRefused(
            _("%(unit)s has it already: nobody is told twice.") % {"unit": department.short_name}
        )
    ISSUE_MACHINE.apply(issue, move, actor=actor, at=at, version=version, reason=task)
    this.assignments.filter(withdrawn_at=None).update(withdrawn_at=at)
    for pk, role in wanted.items():
        IssueAssignment.objects.create(
            round=this,
            department_id=pk,
            role=role,
            task=task,
            assigned_at=at,
            assigned_by_id=actor.user_id,
        )
    audit.record("issue.assigned", actor=actor, target=issue, after={"departments": sorted(wanted)})
    messages.assigned(lock(issue), Department.objects.filter(pk__in=list(wanted)), at=at)
    return issue


def _have_it(this: IssueRound, wanted: dict[int, AssignmentRole], task: str) -> bool:
    """Say whether the same units have the same task in the same roles now."""
    rows = this.assignments.filter(withdrawn_at=None)
    return {(row.department_id, row.role, row.task) for row in rows} == {
        (pk, role.value, task) for pk, role in wanted.items()
    }


def _one_line(one: Department, other: Department) -> bool:
    """Say whether two departments are the same or one lies below the other."""
    return one.path.startswith(other.path) or other.path.startswith(one.path)


def part_of(actor: Actor, issue: Issue) -> IssueAssignment:
    """Return the part of the actor's department; raises NotAllowedError where it has none."""
    for row in active_assignments(issue):
        if row.department_id in actor.department_ids:
            return row
    raise NotAllowedError(_("This issue is not assigned to your department."))


@ISSUE_MACHINE.makes("sign")
@transaction.atomic
def sign_for(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None
) -> IssueAssignment:
    """签收: the department takes its part; the first signature moves the issue on."""
    current = lock(issue)
    ISSUE_MACHINE.check_version(current, version)
    part = part_of(actor, current)
    if part.signed_at is not None:
        raise MoveRefused(_("Your department has already signed for this issue."))
    if current.status not in (IssueStatus.SIGNED, IssueStatus.HANDLING):
        ISSUE_MACHINE.apply(issue, "sign", actor=actor, at=at, version=version)
    part.signed_at = at
    part.signed_by_id = actor.user_id
    part.save(update_fields=["signed_at", "signed_by"])
    audit.record("issue.signed_for", actor=actor, target=issue)
    return part


@transaction.atomic
def sign_for_all(*, actor: Actor, at: datetime) -> int:
    """签收 of everything that waits for the actor's departments; returns how many were signed.

    What a colleague signed for in the meantime is passed over.
    """
    signed = 0
    for issue in Issue.objects.filter(pk__in=to_sign(actor)).order_by("pk"):
        try:
            with transaction.atomic():
                sign_for(actor=actor, at=at, issue=issue)
        except MoveRefused:
            continue
        signed += 1
    return signed


@ISSUE_MACHINE.makes("start")
@transaction.atomic
def start_handling(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, note: str = ""
) -> Issue:
    """办理: work has begun; the note says what is planned."""
    ISSUE_MACHINE.apply(issue, "start", actor=actor, at=at, version=version, reason=note)
    audit.record("issue.started", actor=actor, target=issue)
    return issue


@ISSUE_MACHINE.makes("return")
@transaction.atomic
def return_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """退回: a department says it is not its matter.

    When an assisting department returns its part, the issue itself stays where it is.
    """
    current = lock(issue)
    ISSUE_MACHINE.check_version(current, version)
    ISSUE_MACHINE.check(
        current, ISSUE_MACHINE.moves["return"], actor=actor, reason=reason, evidence=()
    )
    mine = [row for row in active_assignments(current) if row.department_id in actor.department_ids]
    leading = any(row.role == AssignmentRole.LEAD for row in mine)
    if leading:
        ISSUE_MACHINE.apply(issue, "return", actor=actor, at=at, version=version, reason=reason)
    IssueAssignment.objects.filter(pk__in=[row.pk for row in mine]).update(withdrawn_at=at)
    audit.record("issue.returned", actor=actor, target=issue, note=reason)
    messages.returned(current, reason, at=at)
    return issue

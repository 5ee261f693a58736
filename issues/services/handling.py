"""The steps of an issue: assign, sign for, answer, verify, confirm, strike off."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.common import audit, events
from crm.common.actor import Actor
from crm.common.errors import NotAllowedError
from crm.common.files import store_file
from crm.common.models import StoredFile
from crm.common.transitions import MoveRefused
from crm.models import Department
from issues.enums import AssignmentRole, IssueStatus, Outcome
from issues.models import Confirmation, Issue, IssueAssignment
from issues.selectors.ledger import active_assignments, closing_conditions
from issues.services import messages
from issues.states import ISSUE_MACHINE, is_own_enterprise

EVIDENCE = "issue.evidence"
VERIFICATION = "issue.verification"


def locked(issue: Issue) -> Issue:
    """Return the issue fresh from the database, its row locked until the transaction ends."""
    return (
        Issue.objects.select_for_update(of=("self",))
        .select_related("enterprise", "area", "created_by")
        .get(pk=issue.pk)
    )


@transaction.atomic
def assign_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    department: Department,
    assisting: Iterable[Department] = (),
    task: str = "",
) -> Issue:
    """交办: hand an issue to a leading department and those that assist.

    Departments that had it before and are not named again are withdrawn. Raises MoveRefused
    or NotAllowedError.
    """
    ISSUE_MACHINE.apply(issue, "assign", actor=actor, at=at, reason=task)
    wanted = {department.pk: AssignmentRole.LEAD}
    wanted |= {row.pk: AssignmentRole.ASSIST for row in assisting if row.pk != department.pk}
    before = issue.assignments.filter(withdrawn_at=None)
    before.exclude(department__in=list(wanted)).update(withdrawn_at=at)
    # The old lead steps back first: two leads at a time are refused by the database.
    before.exclude(department=department).update(role=AssignmentRole.ASSIST)
    for pk, role in wanted.items():
        IssueAssignment.objects.update_or_create(
            issue=issue,
            department_id=pk,
            defaults={
                "role": role,
                "task": task,
                "assigned_at": at,
                "assigned_by_id": actor.user_id,
                "signed_at": None,
                "answered_at": None,
                "withdrawn_at": None,
            },
        )
    audit.record("issue.assigned", actor=actor, target=issue, after={"departments": sorted(wanted)})
    messages.assigned(issue, Department.objects.filter(pk__in=list(wanted)), at=at)
    return issue


def _part_of(actor: Actor, issue: Issue) -> IssueAssignment:
    for row in active_assignments(issue):
        if row.department_id in actor.department_ids:
            return row
    raise NotAllowedError(_("This issue is not assigned to your department."))


@transaction.atomic
def sign_for(*, actor: Actor, at: datetime, issue: Issue) -> IssueAssignment:
    """签收: the department takes its part; the first signature moves the issue on."""
    current = locked(issue)
    part = _part_of(actor, current)
    if part.signed_at is not None:
        raise MoveRefused(_("Your department has already signed for this issue."))
    later = current.status in (IssueStatus.SIGNED, IssueStatus.HANDLING)
    if not later:
        ISSUE_MACHINE.apply(issue, "sign", actor=actor, at=at)
    part.signed_at = at
    part.signed_by_id = actor.user_id
    part.save(update_fields=["signed_at", "signed_by"])
    audit.record("issue.signed_for", actor=actor, target=issue)
    return part


@transaction.atomic
def start_handling(*, actor: Actor, at: datetime, issue: Issue, note: str = "") -> Issue:
    """办理: work has begun; the note says what is planned."""
    ISSUE_MACHINE.apply(issue, "start", actor=actor, at=at, reason=note)
    audit.record("issue.started", actor=actor, target=issue)
    return issue


@transaction.atomic
def answer_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    text: str,
    evidence: Iterable[UploadedFile],
) -> IssueAssignment:
    """反馈: a department says what it did and shows it.

    The issue counts as answered when every department has answered; it is then verified and
    the enterprise is asked. Raises MoveRefused (wrong step, no words, no evidence),
    NotAllowedError and FileRefused.
    """
    uploads = list(evidence)
    current = locked(issue)
    move = ISSUE_MACHINE.moves["answer"]
    ISSUE_MACHINE.check(current, move, actor=actor, reason=text, evidence=uploads)
    part = _part_of(actor, current)
    if part.answered_at is not None:
        raise MoveRefused(_("Your department has already answered; wait for the others."))
    files = _keep(actor, at, issue, uploads, EVIDENCE)
    part.signed_at = part.signed_at or at
    part.signed_by_id = part.signed_by_id or actor.user_id
    part.answered_at, part.answered_by_id, part.answer = at, actor.user_id, text.strip()
    part.save(update_fields=["signed_at", "signed_by", "answered_at", "answered_by", "answer"])
    part.evidence.add(*files)
    if all(row.answered_at for row in active_assignments(current)):
        ISSUE_MACHINE.apply(
            issue, "answer", actor=actor, at=at, reason=text.strip(), evidence=files
        )
        messages.answered(current, part, at=at)
        events.publish("issues.answered", {"issue_id": issue.pk})
    elif current.status == IssueStatus.SIGNED:
        ISSUE_MACHINE.apply(issue, "start", actor=actor, at=at, reason=text.strip())
    audit.record(
        "issue.answered",
        actor=actor,
        target=issue,
        after={"department": part.department_id, "files": [row.sha256 for row in files]},
    )
    return part


def _keep(
    actor: Actor, at: datetime, issue: Issue, uploads: Iterable[UploadedFile], purpose: str
) -> list[StoredFile]:
    return [
        store_file(actor=actor, upload=upload, purpose=purpose, target=issue, at=at)
        for upload in uploads
    ]


@transaction.atomic
def verify_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    note: str = "",
    photos: Iterable[UploadedFile] = (),
) -> Issue:
    """核验: somebody who did not handle the issue looks whether it is done."""
    files = _keep(actor, at, issue, photos, VERIFICATION)
    ISSUE_MACHINE.apply(issue, "verify", actor=actor, at=at, reason=note.strip(), evidence=files)
    audit.record("issue.verified", actor=actor, target=issue)
    return issue


@transaction.atomic
def confirm_by_enterprise(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    outcome: str,
    words: str = "",
    stars: int | None = None,
) -> Confirmation:
    """The enterprise says whether it is solved; unless it is, the issue goes back to work.

    Raises NotAllowedError for anybody else and MoveRefused before an answer or without words
    where something is missing.
    """
    current = locked(issue)
    if not is_own_enterprise(actor, current) or actor.user_id is None:
        raise NotAllowedError(_("Only the enterprise itself says whether its issue is solved."))
    if current.status not in (IssueStatus.ANSWERED, IssueStatus.VERIFIED):
        raise MoveRefused(_("There is no answer to confirm yet. You are told when there is one."))
    if outcome != Outcome.SOLVED and not words.strip():
        raise MoveRefused(_("Say what is still missing, so that the department can finish it."))
    row = Confirmation.objects.create(
        issue=issue,
        outcome=outcome,
        stars=stars,
        words=words.strip(),
        confirmed_at=at,
        confirmed_by_id=actor.user_id,
    )
    audit.record("issue.confirmed", actor=actor, target=issue, after={"outcome": outcome})
    messages.confirmed(current, row, at=at)
    if outcome != Outcome.SOLVED:
        ISSUE_MACHINE.apply(issue, "dispute", actor=actor, at=at, reason=words.strip())
        _reopen_answers(issue)
        messages.sent_back(current, words.strip(), at=at)
    return row


def _reopen_answers(issue: Issue) -> None:
    issue.assignments.filter(withdrawn_at=None).update(answered_at=None)


@transaction.atomic
def send_back(*, actor: Actor, at: datetime, issue: Issue, reason: str) -> Issue:
    """退回重办: the answer does not do; the departments answer again."""
    ISSUE_MACHINE.apply(issue, "send_back", actor=actor, at=at, reason=reason)
    _reopen_answers(issue)
    audit.record("issue.sent_back", actor=actor, target=issue, note=reason)
    messages.sent_back(locked(issue), reason, at=at)
    return issue


@transaction.atomic
def close_issue(*, actor: Actor, at: datetime, issue: Issue, note: str = "") -> Issue:
    """销号: strike an issue off the ledger.

    It needs evidence, a verification and the enterprise's “solved”, and somebody who did not
    handle it. Raises MoveRefused with what is missing, or NotAllowedError.
    """
    current = locked(issue)
    ISSUE_MACHINE.check(
        current, ISSUE_MACHINE.moves["close"], actor=actor, reason=note, evidence=()
    )
    missing = [one.label for one in closing_conditions(current) if not one.met]
    if missing:
        raise MoveRefused(
            _("It cannot be struck off yet. Missing: %(what)s.") % {"what": _(", ").join(missing)}
        )
    ISSUE_MACHINE.apply(
        issue, "close", actor=actor, at=at, reason=note.strip(), set_fields={"closed_at": at}
    )
    audit.record("issue.closed", actor=actor, target=issue)
    messages.closed(current, at=at)
    events.publish("issues.closed", {"issue_id": issue.pk})
    return issue

"""From the answer to the enterprise's word: answer, verify, confirm, send back."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError
from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.files import store_file
from crm.common.records.models import StoredFile
from crm.common.records.transitions import MoveRefused
from issues.enums import IssueStatus, Outcome
from issues.models import Confirmation, Issue, IssueAssignment
from issues.permissions import is_own_enterprise
from issues.selectors.ledger import active_assignments
from issues.services import messages
from issues.services.assigning import part_of
from issues.services.locking import locked
from issues.states import ISSUE_MACHINE

EVIDENCE = "issue.evidence"
VERIFICATION = "issue.verification"


@ISSUE_MACHINE.makes("answer")
@transaction.atomic
def answer_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    version: int | None = None,
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
    ISSUE_MACHINE.check_version(current, version)
    ISSUE_MACHINE.check(current, move, actor=actor, reason=text, evidence=uploads)
    part = part_of(actor, current)
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
            issue,
            "answer",
            actor=actor,
            at=at,
            version=version,
            reason=text.strip(),
            evidence=files,
        )
        messages.answered(current, part, at=at)
        events.publish("issues.answered", {"issue_id": issue.pk})
    elif current.status == IssueStatus.SIGNED:
        ISSUE_MACHINE.apply(
            issue, "start", actor=actor, at=at, version=version, reason=text.strip()
        )
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


@ISSUE_MACHINE.makes("verify")
@transaction.atomic
def verify_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    version: int | None = None,
    note: str = "",
    photos: Iterable[UploadedFile] = (),
) -> Issue:
    """核验: somebody who did not handle the issue looks whether it is done."""
    files = _keep(actor, at, issue, photos, VERIFICATION)
    ISSUE_MACHINE.apply(
        issue, "verify", actor=actor, at=at, version=version, reason=note.strip(), evidence=files
    )
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


@ISSUE_MACHINE.makes("send_back")
@transaction.atomic
def send_back(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """退回重办: the answer does not do; the departments answer again."""
    ISSUE_MACHINE.apply(issue, "send_back", actor=actor, at=at, version=version, reason=reason)
    _reopen_answers(issue)
    audit.record("issue.sent_back", actor=actor, target=issue, note=reason)
    messages.sent_back(locked(issue), reason, at=at)
    return issue

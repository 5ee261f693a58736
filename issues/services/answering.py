"""The answer and what the office makes of it: answer, verify, send back."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.files import store_file
from crm.common.records.models import StoredFile
from crm.common.records.transitions import MoveRefused, lock
from issues.enums import IssueStatus, RoundEnd
from issues.models import Issue, IssueAssignment
from issues.selectors.ledger import active_assignments
from issues.services import messages, rounds
from issues.services.assigning import part_of
from issues.services.links import ask_by_link
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
    current = lock(issue)
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
        asked = messages.answered(current, part, at=at)
        if asked or ask_by_link(actor=actor, at=at, issue=current, part=part):
            rounds.ask(this=part.round, at=at)
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


@ISSUE_MACHINE.makes("send_back")
@transaction.atomic
def send_back(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """退回重办: the answer does not do; the departments answer again, in a new round."""
    ISSUE_MACHINE.apply(
        issue,
        "send_back",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes=lambda row: {"round_number": row.round_number + 1},
    )
    rounds.again(issue=issue, at=at, outcome=RoundEnd.SENT_BACK, because=reason)
    audit.record("issue.sent_back", actor=actor, target=issue, note=reason)
    messages.sent_back(lock(issue), reason, at=at)
    return issue

"""The ends of an issue and the way back: struck off, given time, parked, refused, reopened."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.transitions import MoveRefused, lock
from issues.enums import RoundEnd
from issues.models import Issue, IssueExtension, IssuePause, IssueRound
from issues.services import messages, rounds
from issues.states import ISSUE_MACHINE


@ISSUE_MACHINE.makes("close")
@transaction.atomic
def close_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, note: str = ""
) -> Issue:
    """销号: strike an issue off the ledger.

    It needs evidence, a verification and the enterprise's “solved”, and somebody who did not
    handle it. Raises MoveRefused with what is missing, or NotAllowedError.
    """
    ISSUE_MACHINE.apply(
        issue,
        "close",
        actor=actor,
        at=at,
        version=version,
        reason=note.strip(),
        changes={"closed_at": at},
    )
    return _struck_off(actor, at, issue, RoundEnd.SOLVED)


@ISSUE_MACHINE.makes("close_silent")
@transaction.atomic
def close_unconfirmed(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """Strike off an issue whose enterprise was asked and kept silent past its days.

    It counts as unconfirmed, never as solved. `reason` says how it was asked.
    """
    current = lock(issue)
    ISSUE_MACHINE.check_version(current, version)
    ISSUE_MACHINE.check(
        current, ISSUE_MACHINE.moves["close_silent"], actor=actor, reason=reason, evidence=()
    )
    limit = current.current.confirm_due_on
    if limit is not None and local_date(at) <= limit:
        raise MoveRefused(
            _("The enterprise has until %(day)s to say whether it is solved.")
            % {"day": limit.isoformat()}
        )
    ISSUE_MACHINE.apply(
        issue,
        "close_silent",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"closed_at": at},
    )
    return _struck_off(actor, at, issue, RoundEnd.UNCONFIRMED)


def _struck_off(actor: Actor, at: datetime, issue: Issue, outcome: str) -> Issue:
    rounds.end_round(issue=issue, at=at, outcome=outcome)
    audit.record("issue.closed", actor=actor, target=issue, after={"outcome": outcome})
    messages.closed(lock(issue), at=at)
    events.publish("issues.closed", {"issue_id": issue.pk})
    return issue


@ISSUE_MACHINE.makes("extend")
@transaction.atomic
def extend_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    version: int | None = None,
    due_on: date,
    reason: str,
) -> Issue:
    """延期: grant a later day; the earlier one stays on the round's record."""
    current = lock(issue)
    before = current.due_on
    if due_on <= before or due_on <= local_date(at):
        raise MoveRefused(
            _("The new day must lie after %(day)s and after today.") % {"day": before.isoformat()}
        )
    ISSUE_MACHINE.apply(
        issue,
        "extend",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"due_on": due_on},
    )
    this = IssueRound.objects.get(issue=issue, number=current.round_number)
    IssueExtension.objects.create(
        round=this,
        before=before,
        after=due_on,
        reason=reason.strip(),
        granted_at=at,
        granted_by_id=actor.user_id,
    )
    IssueRound.objects.filter(pk=this.pk).update(due_on=due_on)
    audit.record(
        "issue.extended",
        actor=actor,
        target=issue,
        before={"due_on": before},
        after={"due_on": due_on},
        note=reason,
    )
    return issue


@ISSUE_MACHINE.makes("park")
@transaction.atomic
def park_issue(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    version: int | None = None,
    review_on: date,
    reason: str,
) -> Issue:
    """挂账: keep an issue that cannot be solved now on the books, with a day of review."""
    if review_on <= local_date(at):
        raise MoveRefused(_("The day of review must lie after today."))
    ISSUE_MACHINE.apply(
        issue,
        "park",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"parked_until": review_on},
    )
    IssuePause.objects.create(
        round=IssueRound.objects.get(issue=issue, number=issue.round_number),
        since=local_date(at),
        review_on=review_on,
        reason=reason.strip(),
    )
    audit.record("issue.parked", actor=actor, target=issue, after={"review_on": review_on})
    return issue


@ISSUE_MACHINE.makes("resume")
@transaction.atomic
def resume_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, note: str = ""
) -> Issue:
    """Take a parked issue up again; the working days in which it stood do not count."""
    current, today = lock(issue), local_date(at)
    this = IssueRound.objects.get(issue=issue, number=current.round_number)
    pause = IssuePause.objects.filter(round=this, until=None).first()
    days = rounds.resumed(this, pause, today) if pause else {}
    ISSUE_MACHINE.apply(
        issue,
        "resume",
        actor=actor,
        at=at,
        version=version,
        reason=note,
        changes={"parked_until": None, "due_on": days.get("due_on", current.due_on)},
    )
    IssuePause.objects.filter(round=this, until=None).update(until=today)
    if days:
        IssueRound.objects.filter(pk=this.pk).update(**days)
    audit.record("issue.resumed", actor=actor, target=issue, before={"due_on": current.due_on})
    return issue


@ISSUE_MACHINE.makes("refuse")
@transaction.atomic
def refuse_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """不予受理: the enterprise is told why."""
    ISSUE_MACHINE.apply(issue, "refuse", actor=actor, at=at, version=version, reason=reason)
    rounds.end_round(issue=issue, at=at, outcome=RoundEnd.REFUSED)
    audit.record("issue.refused", actor=actor, target=issue, note=reason)
    messages.refused(lock(issue), reason, at=at)
    return issue


@ISSUE_MACHINE.makes("withdraw")
@transaction.atomic
def withdraw_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """Take an issue entered by mistake off the ledger: it counts in no figure from now on.

    Nothing is deleted; figures with an earlier cut-off keep it.
    """
    ISSUE_MACHINE.apply(
        issue,
        "withdraw",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"withdrawn_at": at, "closed_at": None, "parked_until": None},
    )
    rounds.end_round(issue=issue, at=at, outcome=RoundEnd.WITHDRAWN)
    audit.record("issue.withdrawn", actor=actor, target=issue, note=reason)
    return issue


@ISSUE_MACHINE.makes("reopen")
@transaction.atomic
def reopen_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """Put an issue back to work in a new round; the earlier ones stay as they ended."""
    return _next_round(actor, at, issue, "reopen", version, reason)


@transaction.atomic
def record_recurrence(
    *, actor: Actor, at: datetime, issue: Issue, verbatim: str, draft: UUID | None = None
) -> Issue:
    """Open a struck-off issue again because the enterprise says it has come back.

    `draft` names the form it was said in, so that sending it twice opens it once.
    """
    _next_round(actor, at, issue, "recur", None, verbatim)
    IssueRound.objects.filter(issue=issue, ended_at=None).update(client_uuid=draft)
    return issue


def _next_round(
    actor: Actor, at: datetime, issue: Issue, move: str, version: int | None, reason: str
) -> Issue:
    current = lock(issue)
    number = current.round_number + 1
    due = rounds.due_dates(current.category, current.severity, at)
    ISSUE_MACHINE.apply(
        issue,
        move,
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"closed_at": None, "round_number": number, "due_on": due.solve},
    )
    rounds.begin_round(issue=current, number=number, at=at, clock_from=at, because=reason.strip())
    audit.record("issue.reopened", actor=actor, target=issue, after={"round": number}, note=reason)
    return issue

"""The ends of an issue and the way back: struck off, given time, parked, refused, reopened."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.transitions import MoveRefused
from issues.models import Issue
from issues.selectors.ledger import closing_conditions
from issues.selectors.limits import due_dates
from issues.services import messages
from issues.services.locking import locked
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
        issue,
        "close",
        actor=actor,
        at=at,
        version=version,
        reason=note.strip(),
        changes={"closed_at": at},
    )
    audit.record("issue.closed", actor=actor, target=issue)
    messages.closed(current, at=at)
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
    """延期: grant a later day; the earlier one stays in the audit."""
    current = locked(issue)
    if due_on <= current.due_on or due_on <= local_date(at):
        raise MoveRefused(
            _("The new day must lie after %(day)s and after today.")
            % {"day": current.due_on.isoformat()}
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
    audit.record(
        "issue.extended",
        actor=actor,
        target=issue,
        before={"due_on": current.due_on},
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
    audit.record("issue.parked", actor=actor, target=issue, after={"review_on": review_on})
    return issue


@ISSUE_MACHINE.makes("resume")
@transaction.atomic
def resume_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, note: str = ""
) -> Issue:
    """Take a parked issue up again; its limits start anew."""
    current = locked(issue)
    due = due_dates(current.category, current.severity, at)
    ISSUE_MACHINE.apply(
        issue,
        "resume",
        actor=actor,
        at=at,
        version=version,
        reason=note,
        changes={
            "parked_until": None,
            "contact_due_on": due.contact,
            "answer_due_on": due.answer,
            "due_on": due.solve,
        },
    )
    audit.record("issue.resumed", actor=actor, target=issue, before={"due_on": current.due_on})
    return issue


@ISSUE_MACHINE.makes("refuse")
@transaction.atomic
def refuse_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """不予受理: the enterprise is told why."""
    ISSUE_MACHINE.apply(issue, "refuse", actor=actor, at=at, version=version, reason=reason)
    audit.record("issue.refused", actor=actor, target=issue, note=reason)
    messages.refused(locked(issue), reason, at=at)
    return issue


@ISSUE_MACHINE.makes("reopen")
@transaction.atomic
def reopen_issue(
    *, actor: Actor, at: datetime, issue: Issue, version: int | None = None, reason: str
) -> Issue:
    """Put an issue back to work; the earlier closing stays in its history."""
    current = locked(issue)
    due = due_dates(current.category, current.severity, at)
    ISSUE_MACHINE.apply(
        issue,
        "reopen",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={
            "closed_at": None,
            "contact_due_on": due.contact,
            "answer_due_on": due.answer,
            "due_on": due.solve,
        },
    )
    audit.record("issue.reopened", actor=actor, target=issue, note=reason)
    return issue

"""Rounds of an issue: begun with frozen limits, stopped, given time, ended; never rewritten."""

from datetime import date, datetime
from typing import Any

from crm.common.days.calendar import load_calendar
from crm.common.days.clock import local_date
from issues.models import Issue, IssueAssignment, IssuePause, IssueRound
from issues.selectors.limits import DueDates, due_dates


def begin_round(
    *, issue: Issue, number: int, at: datetime, clock_from: datetime, because: str = ""
) -> IssueRound:
    """Begin a round with the limits in force on the day its clock starts."""
    due = due_dates(issue.category, issue.severity, clock_from)
    return IssueRound.objects.create(
        issue=issue,
        number=number,
        opened_at=at,
        opened_because=because,
        clock_from=clock_from,
        **frozen(due),
    )


def frozen(due: DueDates) -> dict[str, Any]:
    """Return the columns of a round that keep the limits it was accepted under."""
    return {
        "limits_id": due.limits.version_id,
        "contact_days": due.limits.contact,
        "answer_days": due.limits.answer,
        "solve_days": due.limits.solve,
        "confirm_days": due.limits.confirm,
        "contact_due_on": due.contact,
        "answer_due_on": due.answer,
        "due_on": due.solve,
    }


def end_round(*, issue: Issue, at: datetime, outcome: str) -> IssueRound:
    """End the round that is on; its parts and dates stay as they are."""
    this = IssueRound.objects.filter(issue=issue).order_by("-number")[0]
    if this.ended_at is None:
        this.ended_at, this.outcome = at, outcome
        this.save(update_fields=["ended_at", "outcome"])
        IssuePause.objects.filter(round=this, until=None).update(until=local_date(at))
    return this


def again(*, issue: Issue, at: datetime, outcome: str, because: str) -> IssueRound:
    """End the round and begin the next for the same departments (重办): the clock runs on.

    Their signatures stand; each answers anew and shows new evidence.
    """
    before = end_round(issue=issue, at=at, outcome=outcome)
    parts = list(before.assignments.filter(withdrawn_at=None))
    following = IssueRound.objects.get(pk=before.pk)
    following.pk, following.number = None, before.number + 1
    following.opened_at, following.opened_because = at, because
    following.asked_at = following.confirm_due_on = following.ended_at = None
    following.outcome, following.client_uuid = "", None
    following.save(force_insert=True)
    IssueAssignment.objects.bulk_create(
        IssueAssignment(
            round=following,
            department_id=part.department_id,
            role=part.role,
            task=part.task,
            assigned_at=at,
            assigned_by_id=part.assigned_by_id,
            signed_at=at,
            signed_by_id=part.signed_by_id,
        )
        for part in parts
    )
    return following


def ask(*, this: IssueRound, at: datetime) -> None:
    """Put on record that the enterprise was asked: from here its days to answer count."""
    this.asked_at = at
    this.confirm_due_on = load_calendar().add_workdays(local_date(at), this.confirm_days)
    this.save(update_fields=["asked_at", "confirm_due_on"])


def resumed(this: IssueRound, pause: IssuePause, until: date) -> dict[str, date]:
    """Return the days of a round after a pause: working days in which it stood do not count."""
    calendar = load_calendar()
    stood = calendar.workdays_between(pause.since, until)
    names = ("contact_due_on", "answer_due_on", "due_on")
    return {name: calendar.add_workdays(getattr(this, name), stood) for name in names}

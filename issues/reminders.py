"""What this room reminds of: an issue before, on and after its day, a parked one on its review."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse

from crm.common.days.calendar import load_calendar
from crm.common.days.reminders import Due, ReminderKind, register
from crm.common.people.models import User
from crm.selectors import handlers_of
from issues.enums import HANDLED_STATUSES, IssueStatus
from issues.models import Issue
from issues.notifications import DUE, REVIEW
from issues.selectors.ledger import active_assignments
from issues.selectors.people import keepers_of

# Limits begin at three working days: a step earlier than two would come with the assignment.
STEPS = (2, 0, -1)
REVIEW_STEPS = (0, -1)


def due_issues(today: date) -> Iterator[Due]:
    """Yield the issues in progress that are due in two working days, or late."""
    until = load_calendar().add_workdays(today, max(STEPS))
    for issue in _told(Issue.objects.standing().in_progress().filter(due_on__lte=until)):
        yield _due(issue, issue.due_on, partial(_responsible, issue, today))


def due_reviews(today: date) -> Iterator[Due]:
    """Yield the parked issues whose day of review has come."""
    rows = Issue.objects.standing().filter(status=IssueStatus.PARKED, parked_until__lte=today)
    for issue in _told(rows):
        yield _due(issue, issue.parked_until or today, partial(keepers_of, issue))


def _told(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    return rows.select_related(
        "enterprise", "project", "area", "about_department", "created_by__staff_profile__department"
    )


def _responsible(issue: Issue, today: date) -> list[User]:
    """Return who has the next step; of what is late at a department, its keepers hear as well."""
    if issue.status not in HANDLED_STATUSES:
        return keepers_of(issue)
    parts = active_assignments(issue)
    people = handlers_of(part.department for part in parts if part.answered_at is None)
    return [*people, *keepers_of(issue)] if issue.due_on < today else people


def _due(issue: Issue, day: date, recipients: partial[list[User]]) -> Due:
    return Due(
        target=issue,
        due_on=day,
        recipients=recipients,
        context=(
            ("number", issue.number),
            ("title", issue.title),
            ("enterprise", issue.subject_name),
        ),
        url=reverse("staff:issues:issue_detail", args=[issue.pk]),
    )


register(ReminderKind("issues.due", DUE.key, due_issues, STEPS))
register(ReminderKind("issues.review", REVIEW.key, due_reviews, REVIEW_STEPS))

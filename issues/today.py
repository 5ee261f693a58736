"""What of this room is due today, for whom."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import load_calendar
from crm.common.face.formatting import limit_lamp
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots.today import TodayCount, TodayGroup, TodayRow, register_counts, register_rows
from issues.enums import IssueStatus
from issues.models import Issue
from issues.selectors import ledger

# No desk holds more rows of one kind.
MOST = 200
# What the next step of an issue is called, by where it stands.
NEXT = {
    IssueStatus.RECEIVED: pgettext_lazy("issue move", "Assign"),
    IssueStatus.RETURNED: pgettext_lazy("issue move", "Assign"),
    IssueStatus.ASSIGNED: pgettext_lazy("issue move", "Sign for it"),
    IssueStatus.SIGNED: pgettext_lazy("issue move", "Answer"),
    IssueStatus.HANDLING: pgettext_lazy("issue move", "Answer"),
    IssueStatus.ANSWERED: pgettext_lazy("issue move", "Verify"),
    IssueStatus.VERIFIED: pgettext_lazy("issue move", "Strike off"),
}


def today_rows(actor: Actor, today: date) -> list[TodayRow]:
    """Return the issues whose next step is the actor's, the most urgent first."""
    found = ledger.to_do(actor).select_related("enterprise", "project", "category")
    calendar = load_calendar()
    return [_row(issue, calendar.workdays_between(today, issue.due_on)) for issue in found[:MOST]]


def _row(issue: Issue, left: int) -> TodayRow:
    lamp = limit_lamp(left)
    parts = (issue.subject_name, issue.category.name, issue.get_status_display())
    return TodayRow(
        title=issue.title,
        subtitle=" · ".join(str(part) for part in parts),
        url=reverse("staff:issues:issue_detail", args=[issue.pk]),
        due_on=issue.due_on,
        lamp=lamp.state,
        lamp_text=lamp.text,
        action=str(NEXT.get(IssueStatus(issue.status), _("Open"))),
    )


def today_counts(actor: Actor, today: date) -> list[TodayCount]:
    """Return how many issues of the city or the team are overdue and due today.

    Whoever works on issues counts the own steps on the desk itself. Zero is never red.
    """
    if not actor.has(Role.LEADER, Role.LEAD, Role.AUDITOR):
        return []
    rows = ledger.issues(actor)
    overdue = ledger.overdue(rows, today).count()
    due = rows.in_progress().filter(due_on=today).count()  # type: ignore[attr-defined]
    page = reverse("staff:issues:issue_list")
    return [
        TodayCount(
            label=gettext("Issues overdue"),
            value=overdue,
            url=f"{page}?due=overdue",
            lamp="over" if overdue else "",
        ),
        TodayCount(
            label=gettext("Issues due today"),
            value=due,
            url=f"{page}?due=today",
            lamp="risk" if due else "",
        ),
    ]


register_rows(TodayGroup(key="issues", label=_("Issues"), order=20, rows=today_rows))
register_counts("issues", 20, today_counts)

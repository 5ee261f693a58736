"""What of this room is due today, for whom."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import load_calendar
from crm.common.days.clock import day_start
from crm.common.face.formatting import limit_lamp
from crm.common.people.actor import Actor
from crm.common.people.enums import CASE_ROLES, Role
from crm.common.slots.today import (
    AgendaEntry,
    TodayCount,
    TodayGroup,
    TodayRow,
    register_agenda,
    register_counts,
    register_rows,
)
from issues.enums import IssueStatus, MeetingStatus, SweepStatus
from issues.models import Issue, Meeting, Sweep, SweepTarget
from issues.selectors import ledger
from issues.states import ISSUE_MACHINE

# No desk holds more rows of one kind; the diary looks ten days ahead, urging three working days.
MOST, DIARY_DAYS, URGED_WORKDAYS = 200, 10, 3
S = IssueStatus
# The next step of an issue by where it stands: its move, and the kind of act for the keys.
NEXT = {
    S.RECEIVED: ("assign", "done"),
    S.RETURNED: ("assign", "done"),
    S.ASSIGNED: ("sign", "sign"),
    S.SIGNED: ("answer", "answer"),
    S.HANDLING: ("answer", "answer"),
    S.ANSWERED: ("verify", "done"),
    S.VERIFIED: ("close", "done"),
}


def today_rows(actor: Actor, today: date) -> list[TodayRow]:
    """Return the issues whose next step is the actor's, and those to be urged, urgent first."""
    calendar, waiting = load_calendar(), ledger.to_sign(actor)
    rows = []
    for issue in _drawn(ledger.to_do(actor)):
        move, does = NEXT[S(issue.status)]
        awaits = issue.pk in waiting
        if awaits:
            move, does = NEXT[S.ASSIGNED]
        posted = reverse("staff:issues:issue_move", args=[issue.pk, move])
        page = reverse("staff:issues:issue_detail", args=[issue.pk])
        action = {
            "action": str(ISSUE_MACHINE.moves[move].label),
            "action_url": posted if awaits else f"{page}#move-{issue.pk}-{move}",
            "posts": awaits,
            "does": does,
            "awaits": awaits,
        }
        rows.append(_row(issue, calendar.workdays_between(today, issue.due_on), action))
    known = {row.url for row in rows}
    for issue in _drawn(ledger.to_urge(actor, calendar.add_workdays(today, URGED_WORKDAYS))):
        action = {
            "action": gettext("Urge"),
            "action_url": reverse("staff:issues:issue_urge", args=[issue.pk]),
            "posts": True,
            "does": "remind",
        }
        row = _row(issue, calendar.workdays_between(today, issue.due_on), action)
        if row.url not in known:
            rows.append(row)
    return rows


def _drawn(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    return rows.select_related("enterprise", "project", "category")[:MOST]


def _row(issue: Issue, left: int, action: dict[str, Any]) -> TodayRow:
    lamp = limit_lamp(left)
    parts = (issue.subject_name, issue.category.name, issue.get_status_display())
    return TodayRow(
        title=issue.title,
        subtitle=" · ".join(str(part) for part in parts),
        url=reverse("staff:issues:issue_detail", args=[issue.pk]),
        due_on=issue.due_on,
        lamp=lamp.state,
        lamp_text=lamp.text,
        about=issue.project.name if issue.project else issue.subject_name,
        **action,
    )


def agenda(actor: Actor, today: date) -> list[AgendaEntry]:
    """Return the meetings of ten days, and the day on which a round of visits ends."""
    if not actor.has(*CASE_ROLES):
        return []
    first, end = day_start(today), day_start(today + timedelta(days=DIARY_DAYS))
    rows = Meeting.objects.visible_to(actor).filter(planned_at__gte=first, planned_at__lt=end)
    told = [
        AgendaEntry(
            at=meeting.planned_at,
            title=meeting.title,
            subtitle=" · ".join(
                part for part in (meeting.place, meeting.get_status_display()) if part
            ),
            url=reverse("staff:issues:meeting_detail", args=[meeting.pk]),
            action=gettext("See the agenda"),
            icon="users",
        )
        for meeting in rows.exclude(status=MeetingStatus.CANCELLED).order_by("planned_at", "pk")
    ]
    ending = Sweep.objects.visible_to(actor).filter(
        status=SweepStatus.OPEN, ends_on__gte=today, ends_on__lt=end.date()
    )
    return told + [
        AgendaEntry(
            at=day_start(sweep.ends_on),
            title=gettext("%(round)s ends") % {"round": sweep.title},
            subtitle=gettext("all targets visited or left out with a reason"),
            url=reverse("staff:issues:sweep_detail", args=[sweep.pk]),
            action=gettext("See the round"),
            icon="map-search",
            timed=False,
        )
        for sweep in ending
    ]


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


def round_counts(actor: Actor, today: date) -> list[TodayCount]:
    """Return how many of the actor's targets of the round that is going on were visited."""
    if not actor.has(Role.AGENT):
        return []
    mine = SweepTarget.objects.visible_to(actor).filter(owner_id=actor.user_id)
    rows = mine.filter(sweep__status=SweepStatus.OPEN).order_by()
    left = Count("pk", filter=Q(pk__in=SweepTarget.objects.unsettled().values("pk")))
    found = rows.values("sweep", "sweep__title", "sweep__ends_on").annotate(
        n=Count("pk"), left=left
    )
    calendar = load_calendar()
    return [
        TodayCount(
            label=gettext("Visits, %(round)s") % {"round": row["sweep__title"]},
            value=row["n"] - row["left"],
            unit=f"/ {row['n']}",
            detail=limit_lamp(calendar.workdays_between(today, row["sweep__ends_on"])).text,
            url=reverse("staff:issues:sweep_detail", args=[row["sweep"]]),
        )
        for row in found
    ]


register_counts("rounds", 40, round_counts)
register_rows(TodayGroup(key="issues", label=_("Issues"), order=20, rows=today_rows))
register_agenda("issues", agenda)
register_counts("issues", 20, today_counts)

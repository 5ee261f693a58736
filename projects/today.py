"""What of this room is due today, for whom."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import load_calendar
from crm.common.face.formatting import limit_lamp
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots.today import TodayCount, TodayGroup, TodayRow, register_counts, register_rows
from projects.models import Project
from projects.selectors import due_approvals, due_items, mine

# Calendar days a desk looks ahead; and no desk holds more rows of one kind.
AHEAD, MOST = 14, 200


def _row(title: str, subtitle: str, project_id: int, due: date, left: int) -> TodayRow:
    lamp = limit_lamp(left)
    return TodayRow(
        title=title,
        subtitle=subtitle,
        url=reverse("staff:projects:project_detail", args=[project_id]),
        due_on=due,
        lamp=lamp.state,
        lamp_text=lamp.text,
        action=gettext("Open"),
    )


def today_rows(actor: Actor, today: date) -> list[TodayRow]:
    """Return the list items and approvals due soon or late, nearest first."""
    if not actor.has(Role.AGENT, Role.LEAD, Role.HANDLER):
        return []
    until, calendar = today + timedelta(days=AHEAD), load_calendar()
    rows = []
    for item in due_items(actor, until)[:MOST]:
        left = calendar.workdays_between(today, item.due_on)
        sub = f"{item.project.name} · {item.department.short_name}"
        rows.append(_row(item.what, sub, item.project_id, item.due_on, left))
    for case in due_approvals(actor, until)[:MOST]:
        due = case.due_on or until
        left = calendar.workdays_between(today, due)
        sub = f"{case.project.name} · {case.department.short_name}"
        rows.append(_row(case.name, sub, case.project_id, due, left))
    return rows


def today_counts(actor: Actor, today: date) -> list[TodayCount]:
    """Return how many projects are the actor's."""
    if not actor.has(Role.AGENT, Role.LEAD):
        return []
    count = Project.objects.running().filter(mine(actor)).distinct().count()
    url = reverse("staff:projects:project_list") + "?team=mine"
    return [TodayCount(label=gettext("My projects"), value=count, url=url)]


register_rows(TodayGroup(key="projects", label=_("Projects"), order=10, rows=today_rows))
register_counts("projects", 30, today_counts)

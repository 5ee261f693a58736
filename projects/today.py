"""What of this room is due today, for whom."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import load_calendar
from crm.common.face.formatting import limit_lamp
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.transitions import Machine, Tone
from crm.common.slots.today import TodayCount, TodayGroup, TodayRow, register_counts, register_rows
from projects.enums import Light
from projects.models import Project
from projects.selectors import due_approvals, due_items, mine
from projects.states import APPROVAL_MACHINE, ITEM_MACHINE

# Calendar days a desk looks ahead; and no desk holds more rows of one kind.
AHEAD, MOST = 14, 200


def _action(machine: Machine, actor: Actor, record: Any, url_name: str) -> dict[str, Any]:
    """Return the button of a row: the next step that is the actor's, else the way to the page."""
    onward = [move for move in machine.available(actor, record) if move.tone is Tone.FORWARD]
    step = next((move for move in onward if not move.hidden), None)
    if step is None:
        return {"action": gettext("Open")}
    return {
        "action": str(step.label),
        "action_url": reverse(url_name, args=[record.pk, step.name]),
    }


def _row(
    record: Any, title: str, due: date, left: int, anchor: str, action: dict[str, Any]
) -> TodayRow:
    lamp, project = limit_lamp(left), record.project
    page = reverse("staff:projects:project_detail", args=[project.pk])
    return TodayRow(
        title=title,
        subtitle=f"{project.name} · {record.department.short_name}",
        url=f"{page}#{anchor}-{record.pk}",
        due_on=due,
        lamp=lamp.state,
        lamp_text=lamp.text,
        about=project.name,
        **action,
    )


def today_rows(actor: Actor, today: date) -> list[TodayRow]:
    """Return the list items and approvals due soon or late, nearest first.

    A handler's desk holds what the own department answers for and nothing of others.
    """
    if not actor.has(Role.AGENT, Role.LEAD, Role.HANDLER):
        return []
    until, calendar = today + timedelta(days=AHEAD), load_calendar()
    items, cases = due_items(actor, until), due_approvals(actor, until)
    if not actor.has(Role.AGENT, Role.LEAD):
        items = items.filter(department_id__in=actor.department_ids)
        cases = cases.filter(department_id__in=actor.department_ids)
    rows = []
    for item in items.prefetch_related("project__team")[:MOST]:
        left = calendar.workdays_between(today, item.due_on)
        action = _action(ITEM_MACHINE, actor, item, "staff:projects:item_move")
        rows.append(_row(item, item.what, item.due_on, left, "item", action))
    for case in cases.prefetch_related("project__team")[:MOST]:
        due = case.due_on or until
        left = calendar.workdays_between(today, due)
        action = _action(APPROVAL_MACHINE, actor, case, "staff:projects:approval_move")
        rows.append(_row(case, case.name, due, left, "case", action))
    return rows


def today_counts(actor: Actor, today: date) -> list[TodayCount]:
    """Return how many projects are the actor's."""
    if not actor.has(Role.AGENT, Role.LEAD):
        return []
    rows = Project.objects.running().filter(mine(actor)).order_by()
    lights = dict(rows.values_list("light").annotate(n=Count("pk", distinct=True)))
    told = (f"{light.label} {lights[light]}" for light in Light if lights.get(light))
    return [
        TodayCount(
            label=gettext("My projects"),
            value=sum(lights.values()),
            unit=pgettext("count of projects", "in all"),
            detail=" · ".join(told),
            url=reverse("staff:projects:project_list") + "?team=mine",
        )
    ]


register_rows(TodayGroup(key="projects", label=_("Projects"), order=10, rows=today_rows))
register_counts("projects", 30, today_counts)

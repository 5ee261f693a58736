"""Today: what is due, for whom it is due."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.selectors.today import by_subject, by_urgency, counts_of, days_ahead, diary, due_rows
from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.enums import Role
from crm.common.slots.today import counts_for

# How the rows are arranged; the choice stays until another is made.
ARRANGED, BY = "today_by", ("date", "project")
ALL = "all"
ARRANGEMENTS = (
    ("date", pgettext_lazy("arranged", "By due day")),
    ("project", pgettext_lazy("arranged", "By project")),
)
ACT_KEYS = (
    ("E", "done", _("finish")),
    ("S", "sign", _("sign for")),
    ("R", "answer", _("answer")),
    ("C", "remind", _("remind")),
)


def _arrangement(request: Request) -> str:
    kept: str = request.session.get(ARRANGED, BY[0])
    asked = request.GET.get("by", "")
    if asked in BY and asked != kept:
        request.session[ARRANGED] = asked
    return asked if asked in BY else kept


@open_to_staff
def today(request: Request) -> HttpResponse:
    """Show the actor's due work by date or by project; `group` asks for all rows of one group."""
    actor, day, calendar = request.actor, clock.today(), load_calendar()
    rows, by, asked = due_rows(actor, day), _arrangement(request), request.GET.get("group", "")
    urgent = by_urgency(rows, day, calendar)
    found = urgent if by == BY[0] else by_subject(rows, day)
    wanted = next((group for group in (*urgent, *found) if group.key == asked), None)
    shown = [wanted] if wanted else found
    if wanted or asked == ALL:
        shown = [replace(group, whole=True) for group in shown]
    works = actor.has(Role.AGENT, Role.LEAD, Role.HANDLER)
    own = counts_of(urgent, request.path) if works else []
    context = {
        "day": day,
        "is_workday": calendar.is_workday(day),
        "ahead": days_ahead(calendar, day),
        "groups": [group for group in shown if group.rows],
        "wanted": wanted,
        "by": by,
        "arrangements": ARRANGEMENTS,
        "act_keys": ACT_KEYS,
        "more": sum(group.more for group in shown),
        "keys": {row.does for group in shown for row in group.shown},
        "counts": [*own, *counts_for(actor, day)],
        "diary": diary(actor, day),
        "captures": actor.has(Role.AGENT, Role.LEAD),
    }
    return render(request, "cms/today.html", context)

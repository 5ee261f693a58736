"""Today: what is due, for whom it is due."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render

from cms.selectors.today import counts_of, days_ahead, due_for
from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.enums import Role
from crm.common.slots.today import counts_for


@open_to_staff
def today(request: Request) -> HttpResponse:
    """Show the actor's due work, late first; `group` asks for all of one urgency."""
    day, calendar = clock.today(), load_calendar()
    found = due_for(request.actor, day, calendar)
    wanted = next((group for group in found if group.key == request.GET.get("group")), None)
    shown = [replace(wanted, whole=True)] if wanted else found
    works = request.actor.has(Role.AGENT, Role.LEAD, Role.HANDLER)
    own = counts_of(found, request.path) if works else []
    context = {
        "day": day,
        "is_workday": calendar.is_workday(day),
        "ahead": days_ahead(calendar, day),
        "groups": [group for group in shown if group.rows],
        "wanted": wanted,
        "counts": [*own, *counts_for(request.actor, day)],
    }
    return render(request, "cms/today.html", context)

"""Today: what is due, for whom it is due."""

from django.http import HttpResponse
from django.shortcuts import render

from cms.selectors import due_for
from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.slots.today import counts_for


@open_to_staff
def today(request: Request) -> HttpResponse:
    """Show the actor's due work, late first."""
    day = clock.today()
    context = {
        "day": day,
        "is_workday": load_calendar().is_workday(day),
        "groups": due_for(request.actor, day),
        "counts": counts_for(request.actor, day),
    }
    return render(request, "cms/today.html", context)

"""Today: what is due, for whom it is due."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cms.selectors import due_for
from crm.common import clock
from crm.common.calendar import load_calendar
from crm.common.doors import open_to_staff
from crm.common.today import counts_for


@open_to_staff
def today(request: HttpRequest) -> HttpResponse:
    """Show the actor's due work, late first."""
    day = clock.today()
    context = {
        "day": day,
        "is_workday": load_calendar().is_workday(day),
        "groups": due_for(request.actor, day),  # type: ignore[attr-defined]
        "counts": counts_for(request.actor, day),  # type: ignore[attr-defined]
    }
    return render(request, "cms/today.html", context)

"""The monthly bulletin on screen, and the rows behind each of its numbers."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms.selectors.bulletins import (
    bulletin_for,
    by_area,
    cutoff_of,
    figure_rows,
    parse_month,
    recent_months,
    withheld_from,
)
from cms.tables import figure_list
from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.face.lists import list_response
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role

READERS = (
    Role.LEADER,
    Role.LEAD,
    Role.AUDITOR,
    Role.AGENT,
    Role.HANDLER,
    Role.POLICY_EDITOR,
    Role.FINANCE,
)


@open_to(*READERS)
def bulletin_list(request: Request) -> HttpResponse:
    """List the months that have ended."""
    months = recent_months(clock.today())
    return render(request, "cms/bulletin_list.html", {"months": months})


@open_to(*READERS)
def bulletin_detail(request: Request, month: str) -> HttpResponse:
    """Show one month; every number opens to its rows."""
    try:
        first = parse_month(month, today=clock.today())
    except UserFacingError as problem:
        raise Http404(str(problem)) from None
    bulletin = bulletin_for(first)
    context = {
        "bulletin": bulletin,
        "f": bulletin.by_key,
        "month_key": month,
        "last_day": clock.local_date(bulletin.cutoff - timedelta(seconds=1)),
    }
    return render(request, "cms/bulletin_detail.html", context)


@open_to(*READERS)
def figure_detail(request: Request, month: str, key: str) -> HttpResponse:
    """Show the rows behind a number: those the actor may see, and how many there are in all."""
    try:
        first = parse_month(month, today=clock.today())
        figure, rows = figure_rows(key, first)
        spec = figure_list(f"{month}:{key}")
    except UserFacingError as problem:
        raise Http404(str(problem)) from None
    except KeyError:
        raise Http404(_("No figure is called %s.") % key) from None
    extra = {
        "figure": figure,
        "value": figure.shown(figure.value(cutoff_of(first))),
        "areas": by_area(figure, first),
        "did_not_report": figure.did_not_report(cutoff_of(first)),
        "withheld": withheld_from(request.actor, rows),
        "month_key": month,
        "month": first,
    }
    return list_response(request, spec, extra=extra)

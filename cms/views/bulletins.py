"""The monthly bulletin on screen, and the rows behind each of its numbers."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from cms.selectors import (
    bulletin_for,
    cells,
    figure_rows,
    matching,
    parse_month,
    recent_months,
)
from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.face.xlsx import xlsx_response
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records import audit

PAGE_SIZE = 50
READERS = (
    Role.LEADER,
    Role.LEAD,
    Role.ADMIN,
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
    except UserFacingError as problem:
        raise Http404(str(problem)) from None
    except KeyError:
        raise Http404(_("No figure is called %s.") % key) from None
    visible = rows.filter(pk__in=rows.model.objects.visible_to(request.actor).values("pk"))
    if request.actor.sees_all:
        visible = rows
    query = request.GET.get("q", "")[:80]
    visible = matching(figure, visible, query)
    labels = [str(label) for _path, label in figure.columns]
    if request.GET.get("format") == "xlsx":
        user = User.objects.get(pk=request.actor.user_id or 0)
        audit.record(
            "figure.export",
            actor=request.actor,
            target=user,
            after={"figure": key, "month": month},
        )
        return xlsx_response(f"{figure.label}-{month}", labels, cells(figure, visible))
    page = Paginator(visible, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "figure": figure,
        "labels": labels,
        "page": page,
        "rows": cells(figure, page.object_list),
        "value": figure.value(clock.month_bounds(first)[1]),
        "month_key": month,
        "month": first,
        "query": query,
    }
    return render(request, "cms/figure_detail.html", context)

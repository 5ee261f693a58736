"""Asking for a meeting, and the agenda while it is still to come."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request, whole_number
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from issues.forms import MeetingForm
from issues.models import Meeting
from issues.permissions import OFFICE
from issues.selectors.matters import Found, get_matter
from issues.services import Matter, add_matter, drop_matter, raise_matter, request_meeting
from issues.views.meetings import meeting_page

CALLERS = (*OFFICE, Role.HANDLER)
# A meeting asked for today is proposed for three days on, in the afternoon.
AHEAD, HOUR = timedelta(days=3), time(14, 30)


def _matter(found: Found) -> Matter:
    words = found.issue.verbatim if found.issue else ""
    return Matter(found.title, issue=found.issue, project=found.project, background=words)


def _first(found: Found) -> dict[str, Any]:
    day = clock.today() + AHEAD
    return {
        "about": found.value,
        "title": _("Meeting on “%(title)s”") % {"title": found.title[:90]},
        "planned_at": datetime.combine(day, HOUR, tzinfo=clock.SHANGHAI),
    }


@open_to(*CALLERS)
def meeting_request(request: Request) -> HttpResponse:
    """Ask for a meeting about the issue or project the address names."""
    posted = request.method == "POST"
    named = (request.POST if posted else request.GET).get("about", "")
    found = get_matter(request.actor, named)
    if found is None:
        raise Http404(_("There is no such record, or it is not yours to see."))
    form = MeetingForm(request.POST) if posted else MeetingForm(initial=_first(found))
    status = 200
    if posted and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "about"}
        try:
            meeting = request_meeting(
                actor=request.actor, at=clock.now(), matters=[_matter(found)], **data
            )
        except UserFacingError as problem:
            form.add_error(None, problem.message)
            status = problem.status
        else:
            messages.success(request, _("The meeting is asked for. Add what else belongs there."))
            return redirect("staff:issues:meeting_detail", pk=meeting.pk)
    elif posted:
        status = 422
    context = {"form": form, "matter": found}
    return render(request, "issues/meeting_request.html", context, status=status)


def _change(
    request: Request, pk: int, act: Callable[..., Any], told: str, **more: Any
) -> HttpResponse:
    """Make one change of an agenda; what cannot be done is said on the page."""
    meeting = get_visible_or_404(Meeting.objects.all(), request.actor, pk=pk)
    version = whole_number(request.POST.get("version", ""))
    try:
        act(actor=request.actor, at=clock.now(), meeting=meeting, version=version, **more)
    except UserFacingError as problem:
        return meeting_page(request, pk, problem=str(problem.message), status=problem.status)
    messages.success(request, told)
    return redirect("staff:issues:meeting_detail", pk=pk)


@open_to_staff
@require_POST
def matter_add(request: Request, pk: int) -> HttpResponse:
    """Put the issue or project that was picked on the agenda."""
    found = get_matter(request.actor, request.POST.get("about", ""))
    if found is None:
        raise Http404(_("There is no such record, or it is not yours to see."))
    told = _("“%(title)s” is on the agenda.") % {"title": found.title}
    return _change(request, pk, add_matter, told, matter=_matter(found))


@open_to_staff
@require_POST
def matter_drop(request: Request, pk: int) -> HttpResponse:
    """Take a matter off the agenda."""
    item = whole_number(request.POST.get("item", "")) or 0
    return _change(request, pk, drop_matter, _("The matter is off the agenda."), item=item)


@open_to_staff
@require_POST
def matter_raise(request: Request, pk: int) -> HttpResponse:
    """Put a matter one place earlier."""
    item = whole_number(request.POST.get("item", "")) or 0
    return _change(request, pk, raise_matter, _("The matter is one place earlier."), item=item)

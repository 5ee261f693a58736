"""The enterprise's own issues: where they stand, and whether they are solved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.face.lists import list_response
from crm.common.http import Request
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to_enterprise
from crm.common.people.scoping import get_visible_or_404
from issues.forms import AddForm, ConfirmForm
from issues.models import Issue
from issues.permissions import can_add_words
from issues.selectors import ledger, timeline
from issues.selectors.limits import contact_day
from issues.selectors.people import agent_for
from issues.services import add_words, confirm_by_enterprise
from issues.tables import OWN_ISSUES

# The whole of them is a filter of the list.
MOST_ASKED = 5


def _own(actor: Actor) -> Any:
    rows = Issue.objects.standing().filter(enterprise_id__in=actor.enterprise_ids)
    return rows.select_related(
        "enterprise", "category", "project", "created_by", "area", "about_department"
    ).prefetch_related("rounds__assignments__department", "rounds__confirmations")


@open_to_enterprise
def issue_list(request: Request) -> HttpResponse:
    """Show the enterprise's issues, those to confirm once more above the list."""
    asked = ledger.for_list(ledger.to_confirm(request.actor)).order_by("received_at")
    return list_response(request, OWN_ISSUES, extra={"asked": list(asked[:MOST_ASKED])})


def _page(
    request: Request,
    issue: Issue,
    form: ConfirmForm | None = None,
    status: int = 200,
    adding: AddForm | None = None,
) -> HttpResponse:
    calendar, today = load_calendar(), clock.today()
    moves, parts = timeline.moves_of(issue), issue.parts
    files = ledger.photos_of(issue)
    said = issue.current.said
    issue.workdays_left = ledger.days_left(issue, today, calendar)
    context = {
        "issue": issue,
        "rail": timeline.rail(issue, moves, parts, today, calendar),
        "parts": parts,
        "files": files,
        "said": said,
        "asks": issue.asks_enterprise and said is None,
        "form": form or ConfirmForm(),
        "rounds": list(issue.rounds.all())[:-1],
        "agent": agent_for(issue.area),
        "contact_on": contact_day(issue),
        "added": ledger.words_added(issue),
        "adding": (adding or AddForm()) if can_add_words(request.actor, issue) else None,
    }
    return render(request, "issues/portal_issue_detail.html", context, status=status)


@open_to_enterprise
def issue_detail(request: Request, pk: int) -> HttpResponse:
    """Show one issue of the enterprise and, once answered, ask whether it is solved."""
    actor = request.actor
    return _page(request, get_visible_or_404(_own(actor), actor, pk=pk))


@open_to_enterprise
@require_POST
def issue_confirm(request: Request, pk: int) -> HttpResponse:
    """Take what the enterprise says: solved, partly or not."""
    actor = request.actor
    issue = get_visible_or_404(_own(actor), actor, pk=pk)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, issue, form, 422)
    data = form.cleaned_data
    try:
        confirm_by_enterprise(
            actor=actor,
            at=clock.now(),
            issue=issue,
            outcome=data["outcome"],
            words=data["words"],
            stars=data["stars"],
        )
    except UserFacingError as problem:
        form.add_error(None, problem.message)
        return _page(request, issue, form, problem.status)
    messages.success(request, _("Recorded. The office and the department are told."))
    return redirect("portal:issues:issue_detail", pk=pk)


@open_to_enterprise
@require_POST
def issue_add(request: Request, pk: int) -> HttpResponse:
    """Add words and pictures to an issue that is still open."""
    actor = request.actor
    issue = get_visible_or_404(_own(actor), actor, pk=pk)
    form = AddForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, issue, status=422, adding=form)
    data = form.cleaned_data
    try:
        add_words(
            actor=actor, at=clock.now(), issue=issue, text=data["text"], uploads=data["photos"]
        )
    except UserFacingError as problem:
        form.add_error(None, problem.message)
        return _page(request, issue, status=problem.status, adding=form)
    messages.success(request, _("Added. Who works on it is told."))
    return redirect("portal:issues:issue_detail", pk=pk)

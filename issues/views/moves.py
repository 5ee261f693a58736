"""One address per move: read the form, call the service, go back to the page."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to_staff
from issues import services
from issues.forms import MoveForm
from issues.models import Issue
from issues.states import ISSUE_MACHINE
from issues.views.issues import detail_context, find_issue

Act = Callable[[Actor, datetime, Issue, dict[str, Any]], Any]
ACTS: dict[str, Act] = {
    "assign": lambda actor, at, issue, data: services.assign_issue(
        actor=actor,
        at=at,
        issue=issue,
        department=data["department"],
        assisting=data["assisting"],
        task=data["note"],
    ),
    "sign": lambda actor, at, issue, data: services.sign_for(actor=actor, at=at, issue=issue),
    "start": lambda actor, at, issue, data: services.start_handling(
        actor=actor, at=at, issue=issue, note=data["note"]
    ),
    "answer": lambda actor, at, issue, data: services.answer_issue(
        actor=actor, at=at, issue=issue, text=data["reason"], evidence=data["evidence"]
    ),
    "verify": lambda actor, at, issue, data: services.verify_issue(
        actor=actor, at=at, issue=issue, note=data["note"], photos=data["photos"]
    ),
    "close": lambda actor, at, issue, data: services.close_issue(
        actor=actor, at=at, issue=issue, note=data["note"]
    ),
    "send_back": lambda actor, at, issue, data: services.send_back(
        actor=actor, at=at, issue=issue, reason=data["reason"]
    ),
    "return": lambda actor, at, issue, data: services.return_issue(
        actor=actor, at=at, issue=issue, reason=data["reason"]
    ),
    "extend": lambda actor, at, issue, data: services.extend_issue(
        actor=actor, at=at, issue=issue, due_on=data["day"], reason=data["reason"]
    ),
    "park": lambda actor, at, issue, data: services.park_issue(
        actor=actor, at=at, issue=issue, review_on=data["day"], reason=data["reason"]
    ),
    "resume": lambda actor, at, issue, data: services.resume_issue(
        actor=actor, at=at, issue=issue, note=data["note"]
    ),
    "refuse": lambda actor, at, issue, data: services.refuse_issue(
        actor=actor, at=at, issue=issue, reason=data["reason"]
    ),
    "reopen": lambda actor, at, issue, data: services.reopen_issue(
        actor=actor, at=at, issue=issue, reason=data["reason"]
    ),
}


@open_to_staff
@require_POST
def issue_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one move; what cannot be done says why and keeps what was typed."""
    actor = request.actor
    issue = find_issue(request, pk)
    if move not in ACTS:
        raise Http404(_("There is no such step."))
    form = MoveForm(request.POST, request.FILES, move=move)
    if not form.is_valid():
        return _again(request, issue, form, "", 422)
    try:
        ACTS[move](actor, clock.now(), issue, form.cleaned_data)
    except UserFacingError as problem:
        return _again(request, find_issue(request, pk), form, str(problem.message), problem.status)
    label = str(ISSUE_MACHINE.moves[move].label)
    messages.success(request, _("Done: %(move)s.") % {"move": label})
    if not Issue.objects.visible_to(actor).filter(pk=pk).exists():
        return redirect("staff:issues:issue_list")
    return redirect("staff:issues:issue_detail", pk=pk)


def _again(
    request: Request, issue: Issue, form: MoveForm, problem: str, status: int
) -> HttpResponse:
    context = detail_context(request.actor, issue, form, problem)
    return render(request, "issues/issue_detail.html", context, status=status)

"""The office calls the enterprise about an answer, and writes down what it heard."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to
from issues.forms import TelephoneForm
from issues.models import Issue
from issues.permissions import OFFICE
from issues.services import ask_by_telephone, record_telephone_word
from issues.views.issues import detail_context, find_issue


def _record(request: Request, issue: Issue, data: dict[str, Any]) -> None:
    actor, at = request.actor, clock.now()
    if not data["outcome"]:
        ask_by_telephone(actor=actor, at=at, issue=issue, note=data["words"])
        return
    record_telephone_word(
        actor=actor,
        at=at,
        issue=issue,
        speaker=data["speaker"],
        outcome=data["outcome"],
        words=data["words"],
    )


@open_to(*OFFICE)
@require_POST
def issue_call(request: Request, pk: int) -> HttpResponse:
    """Take the word heard on the telephone, or that nobody answered."""
    issue, form = find_issue(request, pk), TelephoneForm(request.POST, auto_id="id_call_%s")
    problem, status = "", 422
    if form.is_valid():
        try:
            _record(request, issue, form.cleaned_data)
        except UserFacingError as refused:
            problem, status = str(refused.message), refused.status
        else:
            messages.success(request, _("The call is on record."))
            return redirect("staff:issues:issue_detail", pk=pk)
    context = detail_context(request.actor, find_issue(request, pk), None, problem)
    context["call_form"] = form
    return render(request, "issues/issue_detail.html", context, status=status)

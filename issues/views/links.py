"""The page behind a signed link, and the link itself for the office to pass on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.actor import system_actor
from crm.common.people.doors import open_to, open_to_public
from crm.common.records.links import LinkRefused
from issues.forms import LinkForm
from issues.permissions import OFFICE
from issues.services import confirm_by_link, copy_link, open_question
from issues.views.issues import detail_context, find_issue

# Whoever holds a link acts without an account; the confirmation names for whom it was made.
BEARER = system_actor("link")


def _said(request: Request, text: str, status: int) -> HttpResponse:
    return render(request, "issues/link.html", {"told": text, "this": None}, status=status)


def _answer(request: Request, token: str, form: LinkForm) -> HttpResponse | None:
    """Take the word; None where the form must be shown again."""
    try:
        confirm_by_link(
            actor=BEARER,
            at=clock.now(),
            token=token,
            outcome=form.cleaned_data["outcome"],
            words=form.cleaned_data["words"],
        )
    except LinkRefused as refused:
        return _said(request, str(refused.message), refused.status)
    except UserFacingError as refused:
        form.add_error(None, refused.message)
        return None
    return _said(request, _("Thank you. The office and the department are told."), 200)


@open_to_public(reason="an enterprise without an account answers with a signed link, once")
def confirm(request: Request, token: str) -> HttpResponse:
    """Show the answer behind a link and take solved, partly or not."""
    try:
        asked = open_question(token=token, at=clock.now())
    except LinkRefused as refused:
        return _said(request, str(refused.message), refused.status)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = _answer(request, token, form)
        if answer is not None:
            return answer
    context = {
        "told": "",
        "this": asked.this,
        "parts": [row for row in asked.this.assignments.all() if row.withdrawn_at is None],
        "form": form,
    }
    return render(request, "issues/link.html", context, status=422 if form.errors else 200)


@open_to(*OFFICE)
@require_POST
def issue_link(request: Request, pk: int) -> HttpResponse:
    """Make a link and show it once, to be copied into a message of the office's own."""
    issue = find_issue(request, pk)
    try:
        url = copy_link(actor=request.actor, at=clock.now(), issue=issue, label=issue.subject_name)
    except UserFacingError as refused:
        messages.error(request, str(refused.message))
        return redirect("staff:issues:issue_detail", pk=pk)
    context = detail_context(request.actor, find_issue(request, pk))
    context["link_url"] = request.build_absolute_uri(url)
    return render(request, "issues/issue_detail.html", context)

"""Acts on an issue that move nothing: urge, add a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request, back
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from issues.permissions import OFFICE
from issues.services import add_files, sign_for_all, urge_issue
from issues.views.issues import detail_context, find_issue

LONGEST = 300


def _refused(request: Request, pk: int, problem: UserFacingError) -> HttpResponse:
    context = detail_context(request.actor, find_issue(request, pk), None, str(problem.message))
    return render(request, "issues/issue_detail.html", context, status=problem.status)


@open_to(*OFFICE)
@require_POST
def issue_urge(request: Request, pk: int) -> HttpResponse:
    """Urge the departments that have not answered."""
    issue, words = find_issue(request, pk), request.POST.get("words", "")[:LONGEST]
    try:
        told = urge_issue(actor=request.actor, at=clock.now(), issue=issue, words=words)
    except UserFacingError as problem:
        return _refused(request, pk, problem)
    messages.success(request, _("Urged: %(n)d people were told.") % {"n": told})
    if "next" in request.POST:
        return back(request)
    return redirect("staff:issues:issue_detail", pk=pk)


@open_to(Role.HANDLER)
@require_POST
def issue_sign_all(request: Request) -> HttpResponse:
    """Sign for everything that waits for the actor's department."""
    signed = sign_for_all(actor=request.actor, at=clock.now())
    messages.success(
        request,
        ngettext("Signed for %(n)d issue.", "Signed for %(n)d issues.", signed) % {"n": signed},
    )
    return back(request)


@open_to_staff
@require_POST
def issue_file(request: Request, pk: int) -> HttpResponse:
    """Add photos or documents."""
    issue = find_issue(request, pk)
    try:
        kept = add_files(
            actor=request.actor, at=clock.now(), issue=issue, uploads=request.FILES.getlist("files")
        )
    except UserFacingError as problem:
        return _refused(request, pk, problem)
    messages.success(request, _("Files added: %(n)d.") % {"n": len(kept)})
    return redirect("staff:issues:issue_detail", pk=pk)

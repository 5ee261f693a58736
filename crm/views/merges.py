"""Bring two records of one enterprise together; undo it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm import services
from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404, get_visible_or_404
from crm.forms import MergeForm
from crm.models import Enterprise, EnterpriseMerge
from crm.selectors import rows_pointing_at


@open_to(Role.LEAD)
def enterprise_merge(request: Request, pk: int) -> HttpResponse:
    """Look the duplicate up, show what would move, and merge when it is confirmed."""
    actor = request.actor
    enterprise = get_or_404(Enterprise.objects.in_care_of(actor), pk=pk)
    form = MergeForm(request.POST or None, actor=actor, enterprise=enterprise)
    duplicate = None
    if request.method == "POST" and form.is_valid():
        duplicate = form.cleaned_data["duplicate"]
        if "confirm" in request.POST:
            try:
                services.merge_enterprises(
                    actor=actor,
                    enterprise=enterprise,
                    duplicate=duplicate,
                    reason=form.cleaned_data["reason"],
                    at=clock.now(),
                )
            except UserFacingError as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, _("%s is merged into this record.") % duplicate.name)
                return redirect("staff:crm:enterprise_detail", enterprise.pk)
    context = {
        "form": form,
        "enterprise": enterprise,
        "duplicate": duplicate,
        "moving": rows_pointing_at(duplicate) if duplicate else [],
    }
    return render(request, "crm/enterprise_merge.html", context)


@require_POST
@open_to(Role.LEAD)
def merge_undo(request: Request, pk: int) -> HttpResponse:
    """Take a merge back."""
    actor = request.actor
    merge = get_visible_or_404(EnterpriseMerge.objects.all(), actor, pk=pk)
    page = reverse("staff:crm:enterprise_detail", args=[merge.enterprise_id])
    try:
        services.undo_merge(actor=actor, merge=merge, at=clock.now())
    except UserFacingError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The merge is undone; both records stand again."))
    return redirect(page)

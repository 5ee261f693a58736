"""Saved views of list pages."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from crm.common import services
from crm.common.http import Request
from crm.common.people.doors import open_to_signed_in


def _back(request: Request) -> HttpResponse:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return redirect(target if safe else "home")


@require_POST
@open_to_signed_in
def view_save(request: Request) -> HttpResponse:
    """Keep the current filters of a list under a name."""
    services.save_view(
        actor=request.actor,
        page=request.POST.get("page", "")[:80],
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        shared=request.POST.get("shared") == "1",
    )
    return _back(request)


@require_POST
@open_to_signed_in
def view_delete(request: Request, view_id: int) -> HttpResponse:
    """Forget one saved view."""
    services.delete_view(actor=request.actor, view_id=view_id)
    return _back(request)

"""Saved views of list pages."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from crm.common import services
from crm.common.face.models import SavedView
from crm.common.http import Request, back
from crm.common.people.doors import open_to_signed_in
from crm.common.people.scoping import get_or_404


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
    return back(request)


@require_POST
@open_to_signed_in
def view_delete(request: Request, view_id: int) -> HttpResponse:
    """Forget one saved view of one's own; anybody else's is a 404."""
    row = get_or_404(SavedView.objects.own(request.actor), pk=view_id)
    services.delete_view(actor=request.actor, view_id=row.pk)
    return back(request)

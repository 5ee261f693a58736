"""Notes on records: add one, take one's own back."""

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request, back
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import ScopedQuerySet, get_visible_or_404
from crm.common.records.comments import add_comment, withdraw_comment
from crm.common.records.models import Comment


@require_POST
@open_to_staff
def comment_add(request: Request, kind: str, pk: int) -> HttpResponse:
    """Note something on a record the actor sees; `kind` is "room.model"."""
    try:
        model = apps.get_model(kind)
    except (LookupError, ValueError):
        raise Http404(_("There is no such kind of record.")) from None
    rows = model._default_manager.all()
    if not isinstance(rows, ScopedQuerySet):
        raise Http404(_("There is no such kind of record."))
    target = get_visible_or_404(rows, request.actor, pk=pk)
    try:
        add_comment(
            actor=request.actor, target=target, text=request.POST.get("text", ""), at=clock.now()
        )
    except UserFacingError as problem:
        messages.error(request, str(problem))
    return back(request)


@require_POST
@open_to_staff
def comment_withdraw(request: Request, pk: int) -> HttpResponse:
    """Take back one's own note; anybody else's is a 404."""
    row = get_object_or_404(Comment, pk=pk, created_by_id=request.actor.user_id)
    withdraw_comment(actor=request.actor, comment=row, at=clock.now())
    return back(request)

"""The in-site inbox."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.common import services
from crm.common.days import clock
from crm.common.face.lists import list_response
from crm.common.http import Request, whole_number
from crm.common.outbox.models import Recipient
from crm.common.people.doors import open_to_signed_in
from crm.common.people.scoping import get_visible_or_404
from crm.common.tables import INBOX


@open_to_signed_in
def inbox_list(request: Request) -> HttpResponse:
    """Show the actor's messages, the latest first."""
    return list_response(request, INBOX)


@open_to_signed_in
def my_page(request: Request) -> HttpResponse:
    """Show what a phone has no room for in its head: messages, settings, language, sign-out."""
    return render(request, "common/my_page.html")


@require_POST
@open_to_signed_in
def inbox_read(request: Request) -> HttpResponse:
    """Mark all messages as read."""
    services.mark_read(actor=request.actor, messages=None, at=clock.now())
    return redirect("inbox_list")


@open_to_signed_in
def inbox_open(request: Request, message_id: int) -> HttpResponse:
    """Mark one message as read and go where it points; `by` names the delivery that led here."""
    row = get_visible_or_404(
        Recipient.objects.select_related("message"), request.actor, pk=message_id
    )
    services.open_message(
        actor=request.actor,
        recipient=row,
        delivery_id=whole_number(request.GET.get("by", "")),
        at=clock.now(),
    )
    return redirect(row.message.url) if row.message.url else redirect("inbox_list")

"""The enterprise's home."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.common.http import Request
from crm.common.outbox.models import Recipient
from crm.common.people.doors import open_to_enterprise
from crm.models import Enterprise

SHOWN = 10


@open_to_enterprise
def home(request: Request) -> HttpResponse:
    """Show what the city told the enterprise, and what the rooms hold for it."""
    actor = request.actor
    messages = Recipient.objects.visible_to(actor).newest()[:SHOWN]
    enterprises = list(Enterprise.objects.visible_to(actor).select_related("area", "industry"))
    context = {"inbox": messages, "enterprises": enterprises}
    return render(request, "cms/portal_home.html", context)

"""The enterprise's home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.common.doors import open_to_enterprise
from crm.common.models import Notification
from crm.models import Enterprise

SHOWN = 10


@open_to_enterprise
def home(request: HttpRequest) -> HttpResponse:
    """Show what the city told the enterprise, and what the rooms hold for it."""
    actor = request.actor  # type: ignore[attr-defined]
    messages = Notification.objects.visible_to(actor)[:SHOWN]
    enterprises = list(Enterprise.objects.visible_to(actor).select_related("area", "industry"))
    context = {"inbox": messages, "enterprises": enterprises}
    return render(request, "cms/portal_home.html", context)

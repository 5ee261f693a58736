"""The enterprise's home."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render

from crm.common.days.clock import local_date
from crm.common.http import Request
from crm.common.outbox.models import Recipient
from crm.common.people.doors import open_to_enterprise
from crm.models import Enterprise

SHOWN = 10


@open_to_enterprise
def home(request: Request) -> HttpResponse:
    """Show what the city told the enterprise, and what the rooms hold for it."""
    actor = request.actor
    rows = list(Recipient.objects.visible_to(actor).newest()[: SHOWN + 1])
    days = groupby(rows[:SHOWN], key=lambda row: local_date(row.message.created_at))
    enterprises = list(Enterprise.objects.visible_to(actor).select_related("area", "industry"))
    context = {
        "days": [(day, list(told)) for day, told in days],
        "more": len(rows) > SHOWN,
        "enterprises": enterprises,
    }
    return render(request, "cms/portal_home.html", context)

"""The values of one enterprise, narrowed while somebody looks for one."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.models import Enterprise
from profiles.panels import values_context


@open_to_staff
def enterprise_values(request: Request, enterprise_id: int) -> HttpResponse:
    """Show what the departments reported; `find` and `gaps` narrow it."""
    enterprise = get_visible_or_404(Enterprise.objects.all(), request.actor, pk=enterprise_id)
    find, gaps = request.GET.get("find", "").strip()[:60], bool(request.GET.get("gaps"))
    context = values_context(request.actor, enterprise, find, gaps=gaps)
    part = "profiles/value_rows.html" if request.htmx else "profiles/enterprise_values.html"
    return render(request, part, context)

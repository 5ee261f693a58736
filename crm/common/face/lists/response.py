"""The answers of a list page: the page, its fragments, its XLSX, what is done to its rows."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from crm.common.face.lists import bulk
from crm.common.face.lists.export import export
from crm.common.face.lists.listing import Listing
from crm.common.face.lists.spec import ListSpec, rows_of
from crm.common.http import Request


def list_response(
    request: Request,
    spec: ListSpec,
    queryset: QuerySet[Any] | None = None,
    *,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer a list page: the whole page, the fragment htmx asked for, or the XLSX.

    Without a `queryset` the list's own `rows` are shown, limited to what the actor may see; a
    given one must already be limited so. A POST is an action on the rows picked.
    """
    rows = rows_of(spec, request.actor) if queryset is None else queryset
    listing = Listing(request, spec, rows)
    if request.method == "POST":
        return bulk.run(request, listing)
    if request.GET.get("format") == "xlsx":
        return export(listing)
    if request.GET.get("fragment") in _FRAGMENTS:
        return _fragment(request, listing)
    return _page(request, listing, extra or {}, 200)


def list_around_form(request: Request, spec: ListSpec, *, extra: dict[str, Any]) -> HttpResponse:
    """Answer a refused form that stands on a list's page with the page, and what was wrong."""
    return _page(request, Listing(request, spec, rows_of(spec, request.actor)), extra, 400)


def _page(request: Request, listing: Listing, extra: dict[str, Any], status: int) -> HttpResponse:
    spec, htmx = listing.spec, request.htmx
    fragment = htmx and not htmx.boosted and not htmx.history_restore_request
    template = f"{spec.template}#{spec.partial}" if fragment else spec.template
    response = render(request, template, {"listing": listing, **extra}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


_FRAGMENTS = {
    "filters": "ui/list_filter.html",
    "bulk": "ui/list_asks.html",
    "columns": "ui/list_columns.html",
    "views": "ui/list_views.html",
}
# What these hold depends on the list alone; the others are asked for one thing of it.
_OF_THE_LIST = ("columns", "views")


def _fragment(request: Request, listing: Listing) -> HttpResponse:
    """Answer with what a menu of the page holds, when it is opened."""
    kind, name = request.GET["fragment"], request.GET.get("of", "")
    context: dict[str, Any] = {"listing": listing, "field": None, "form": None}
    if kind in _OF_THE_LIST:
        return render(request, _FRAGMENTS[kind], context)
    if kind == "filters":
        context["field"] = listing.field(name)
    else:
        action = next((one for one in listing.actions if one.key == name and one.asks), None)
        context |= {"action": action, "form": action.asks() if action and action.asks else None}
    if context["field"] is None and context["form"] is None:
        raise Http404(_("There is no such record, or it is not yours to see."))
    return render(request, _FRAGMENTS[kind], context)

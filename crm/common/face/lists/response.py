"""The three answers of a list page: the page, its fragment, its XLSX."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError
from crm.common.face.lists.listing import Listing
from crm.common.face.lists.spec import RESERVED, ListSpec
from crm.common.face.xlsx import xlsx_response
from crm.common.http import Request
from crm.common.people.models import User
from crm.common.records import audit


def list_response(
    request: Request,
    spec: ListSpec,
    queryset: QuerySet[Any],
    *,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer a list page: the whole page, the fragment htmx asked for, or the XLSX.

    `queryset` must already be limited to what the actor may see.
    """
    listing = Listing(request, spec, queryset)
    if request.GET.get("format") == "xlsx":
        return _export(listing)
    htmx = request.htmx
    fragment = htmx and not htmx.boosted and not htmx.history_restore_request
    template = f"{spec.template}#{spec.partial}" if fragment else spec.template
    response = render(request, template, {"listing": listing, **(extra or {})})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _export(listing: Listing) -> HttpResponse:
    """Write all filtered rows to an XLSX; the export is audited without the values sought."""
    columns = listing.columns
    rows = listing.filtered
    if listing.spec.for_page:
        rows = listing.spec.for_page(rows)
    if listing.actor.user_id is None:
        raise NotAllowedError(_("Sign in to export a list."))
    person = User.objects.get(pk=listing.actor.user_id)
    used = sorted(set(listing.request.GET) - RESERVED)
    audit.record(
        "list.exported",
        actor=listing.actor,
        target=person,
        after={
            "list": listing.spec.key,
            "rows": listing.total,
            "filters": ",".join(used),
        },
    )
    body: Iterable[list[Any]] = (
        [column.value(row) for column in columns] for row in rows.iterator(chunk_size=2000)
    )
    return xlsx_response(str(listing.spec.title), [str(column.label) for column in columns], body)

"""Actions on many rows of a list: each row by its own service call, refusals told per row."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.common.days import clock
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.face.lists.listing import Listing
from crm.common.face.lists.spec import MOST_PICKED, BulkAction, Refusal
from crm.common.http import Request, whole_number
from crm.common.people.actor import Actor

MOST_TOLD = 10


def run(request: Request, listing: Listing) -> HttpResponse:
    """Do what was asked with the rows picked, and lead back to the list as it was."""
    back = HttpResponseRedirect(listing.url())
    try:
        action = _action(listing, request.POST.get("bulk", ""))
        rows = picked(listing, request)
    except UserFacingError as problem:
        messages.error(request, str(problem))
        return back
    if action.answer is not None:
        return action.answer(listing, rows)
    form = action.asks(request.POST) if action.asks else Form({})
    if not form.is_valid():
        for texts in form.errors.values():
            messages.error(request, " ".join(map(str, texts)))
        return back
    refusals = work_off(action, request.actor, rows, form.cleaned_data, clock.now())
    _tell(request, len(rows) - len(refusals), refusals)
    return back


def picked(listing: Listing, request: Request) -> list[Any]:
    """Return the visible rows picked, or all that pass the filters; refuses none and too many."""
    rows = listing.filtered
    if not request.POST.get("every"):
        named = map(whole_number, request.POST.getlist("pick"))
        numbers = [one for one in named if one is not None]
        rows = rows.filter(pk__in=numbers)
    if listing.spec.for_page:
        rows = listing.spec.for_page(rows)
    found = list(rows[: MOST_PICKED + 1])
    if not found:
        raise UserFacingError(_("Pick at least one row."))
    if len(found) > MOST_PICKED:
        raise UserFacingError(_("%s rows at a time are the most.") % MOST_PICKED)
    return found


def work_off(
    action: BulkAction, actor: Actor, rows: list[Any], values: dict[str, Any], at: datetime
) -> list[Refusal]:
    """Call the action's service for each row; return the rows it refused."""
    refusals = []
    for row in rows:
        try:
            with transaction.atomic():
                if action.work is not None:
                    action.work(actor, row, values, at)
        except UserFacingError as problem:
            refusals.append(Refusal(row, problem))
    return refusals


def _action(listing: Listing, key: str) -> BulkAction:
    for action in listing.actions:
        if action.key == key:
            return action
    raise NotAllowedError(_("This is not yours to do."))


def _tell(request: Request, done: int, refusals: list[Refusal]) -> None:
    if done:
        words = ngettext("%(count)s row is done.", "%(count)s rows are done.", done)
        messages.success(request, words % {"count": done})
    for refusal in refusals[:MOST_TOLD]:
        messages.error(request, f"{refusal.row}: {refusal.problem}")
    if len(refusals) > MOST_TOLD:
        left = len(refusals) - MOST_TOLD
        words = ngettext(
            "%(count)s more row was refused.", "%(count)s more rows were refused.", left
        )
        messages.error(request, words % {"count": left})

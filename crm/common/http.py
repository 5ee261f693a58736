"""The request as our views know it: who acts is part of it, and what it carries is text."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from crm.common.people.actor import Actor


class Request(HttpRequest):
    """A request after our middleware: the actor is computed once, htmx says what it asked for."""

    actor: Actor
    htmx: HtmxDetails


# The largest number a column of the database holds.
MOST = 2**63 - 1
_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)


def whole_number(text: str) -> int | None:
    """Return the number a parameter names, or None when it is none a record could have.

    A superscript two is a digit to Python and no number to anybody.
    """
    if not _DIGITS.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MOST else None


def back(request: HttpRequest) -> HttpResponse:
    """Lead back to the page of ours that a form names as `next`, else to the start."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(target if safe else reverse("home"))

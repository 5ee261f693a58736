"""The request as our views know it: who acts is part of it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from crm.common.people.actor import Actor


class Request(HttpRequest):
    """A request after our middleware: the actor is computed once, htmx says what it asked for."""

    actor: Actor
    htmx: HtmxDetails

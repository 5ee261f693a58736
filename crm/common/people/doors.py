"""Every view says who may enter; a view without a door fails the architecture tests."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.common.people.actor import actor_of
from crm.common.people.enums import STAFF_ROLES, Role

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Door:
    """The roles that may enter; `public` doors need no sign-in and say why."""

    roles: frozenset[Role] = frozenset()
    public: bool = False
    signed_in: bool = False
    reason: str = ""


def _guarded(view: View, door: Door) -> View:
    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not actor_of(request).has(*door.roles):
            return refuse(request, door.roles)
        return view(request, *args, **kwargs)

    enter.door = door  # type: ignore[attr-defined]
    return enter


def refuse(request: HttpRequest, roles: frozenset[Role]) -> HttpResponse:
    """Answer 403 with the roles that can do what was asked."""
    who = _(", ").join(str(role.label) for role in Role if role in roles)
    return render(request, "403.html", {"who_can": who, "message": ""}, status=403)


def open_to(*roles: Role) -> Callable[[View], View]:
    """Open a view to the given roles only."""
    return lambda view: _guarded(view, Door(roles=frozenset(roles)))


def open_to_staff(view: View) -> View:
    """Open a view to everybody who works for the city."""
    return _guarded(view, Door(roles=STAFF_ROLES))


def open_to_enterprise(view: View) -> View:
    """Open a view to members of enterprises."""
    return _guarded(view, Door(roles=frozenset({Role.ENTERPRISE})))


def open_to_signed_in(view: View) -> View:
    """Open a view to everybody who is signed in, whatever the role."""
    view.door = Door(signed_in=True)  # type: ignore[attr-defined]
    return view


def open_to_public(*, reason: str) -> Callable[[View], View]:
    """Open a view to everybody without sign-in; the reason is read by the guard test."""

    def mark(view: View) -> View:
        opened = login_not_required(view)
        opened.door = Door(public=True, reason=reason)  # type: ignore[attr-defined]
        return opened

    return mark

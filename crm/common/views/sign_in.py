"""Other people's sign-in pages lead to the one of the house."""

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from crm.common.http import Request
from crm.common.people.doors import open_to_public, refuse
from crm.common.people.enums import Role


@open_to_public(reason="leads to the sign-in page, which knows lockout and the second step")
def sign_in_elsewhere(request: Request) -> HttpResponse:
    """Lead to the sign-in page; whoever is signed in already lacks the right, and is told."""
    if request.user.is_authenticated:
        return refuse(request, frozenset({Role.ADMIN, Role.POLICY_EDITOR}))
    target = request.GET.get(REDIRECT_FIELD_NAME, "")
    words = f"?{urlencode({REDIRECT_FIELD_NAME: target})}" if target else ""
    return redirect(reverse("account_login") + words)


@open_to_public(reason="leads to the page for a forgotten password, which knows its limits")
def password_elsewhere(request: Request, **rest: str) -> HttpResponse:
    """Lead to the house's page for a forgotten password."""
    return redirect("account_reset_password")

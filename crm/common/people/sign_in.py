"""Sign-in through allauth: accounts are opened by the city, not by visitors."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):
    """No self-registration; lockout by account and network is allauth's rate limits."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Answer no: an administrator opens accounts."""
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failures by account and network: a stranger locks nobody out but himself."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

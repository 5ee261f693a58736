"""Sign-in through allauth: accounts are opened by the city, not by visitors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignupAdapter(DefaultAccountAdapter):
    """No self-registration; lockout by account and network is allauth's rate limits."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Answer no: an administrator opens accounts."""
        return False

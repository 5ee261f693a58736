"""What every page's shell needs."""

from typing import Any

from django.http import HttpRequest

from crm.common import clock


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the actor and the badge of a fixed date."""
    return {"actor": getattr(request, "actor", None), "fixed_today": clock.is_fixed() and clock.today()}

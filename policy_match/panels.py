"""What the policy room shows elsewhere."""

from typing import Any

from crm.common.people.actor import Actor
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from policy_match.selectors import matches_of, pushes_to

SHOWN = 5


def enterprise_policies(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return what the newest run says of an enterprise."""
    rows = matches_of(actor, enterprise)
    return {"matches": rows} if rows else None


def portal_policies(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the policies told to an enterprise."""
    rows = list(pushes_to(actor).filter(enterprise=enterprise)[:SHOWN])
    return {"pushes": rows} if rows else None


register(
    "crm.enterprise",
    Panel(
        "policy_match.of_enterprise",
        10,
        "policy_match/panel_matches.html",
        enterprise_policies,
    ),
)
register(
    "portal.home",
    Panel("policy_match.pushes", 10, "policy_match/panel_pushes.html", portal_policies),
)

"""What the profile room shows elsewhere: navigation, the values of an enterprise."""

from typing import Any

from crm.common.days import clock
from crm.common.people.actor import Actor
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from profiles.selectors import newest_values


def enterprise_values(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return what the departments reported of an enterprise."""
    if not actor.is_staff:
        return None
    return {"value_groups": newest_values(actor, enterprise, clock.today()), "of": enterprise}


register(
    "crm.enterprise",
    Panel("profiles.values", 10, "profiles/panel_values.html", enterprise_values),
)

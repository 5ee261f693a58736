"""What the profile room shows elsewhere: navigation, the values of an enterprise."""

from typing import Any

from django.urls import reverse

from crm.common.days import clock
from crm.common.people.actor import Actor
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from crm.permissions import works_with
from profiles.models import Consent
from profiles.permissions import can_consent, can_record_consent
from profiles.selectors import newest_values, withheld_count


def enterprise_values(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return what the departments reported of an enterprise."""
    if not actor.is_staff:
        return None
    groups = newest_values(actor, enterprise, clock.today())
    withheld = withheld_count(actor, enterprise)
    return {"value_groups": groups, "withheld": withheld, "of": enterprise}


def consent_of(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return whether an enterprise has consented, to those who work with it."""
    if not works_with(actor, enterprise):
        return None
    consent = Consent.objects.visible_to(actor).standing().filter(enterprise=enterprise).first()
    link = ""
    if can_record_consent(actor, enterprise):
        link = reverse("staff:profiles:consent_edit", args=[enterprise.pk])
    elif can_consent(actor, enterprise):
        link = reverse("portal:profiles:consent_edit", args=[enterprise.pk])
    return {"consent": consent, "consent_url": link}


register(
    "crm.enterprise",
    Panel("profiles.values", 10, "profiles/panel_values.html", enterprise_values),
)
CONSENT_PANEL = "profiles/panel_consent.html"
register("crm.enterprise", Panel("profiles.consent", 40, CONSENT_PANEL, consent_of, "side"))
register("portal.home", Panel("profiles.consent", 40, CONSENT_PANEL, consent_of))

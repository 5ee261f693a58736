"""What the profile room shows elsewhere: navigation, the values of an enterprise."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.days import clock
from crm.common.face.lists import add_filter
from crm.common.people.actor import Actor
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from crm.permissions import works_with
from profiles.models import Consent, Label, LabelAssignment
from profiles.permissions import can_check_warning, can_consent, can_record_consent
from profiles.selectors import (
    DepartmentValues,
    narrowed,
    newest_values,
    standing_labels,
    with_gaps,
    withheld_count,
)

# What the strip on top shows, the first five of them that are open to the reader.
STRIP = (
    "operating_revenue",
    "gross_output",
    "electricity_kwh",
    "insured_headcount",
    "tax_paid_total",
    "invoiced_sales",
    "rd_spend_stat",
    "rd_headcount",
)
STRIP_SHOWN = 5


def _values(actor: Actor, enterprise: Enterprise) -> list[DepartmentValues]:
    """Return the newest values, read once for the two panels of one page."""
    known: dict[Actor, list[DepartmentValues]] = enterprise.__dict__.setdefault("_values", {})
    if actor not in known:
        known[actor] = newest_values(actor, enterprise, clock.today())
    return known[actor]


def enterprise_strip(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the key figures of an enterprise that are open to the reader."""
    if not actor.is_staff:
        return None
    values = {
        one.observation.meaning.code: one
        for group in _values(actor, enterprise)
        for one in group.values
    }
    figures = [values[code] for code in STRIP if code in values][:STRIP_SHOWN]
    return {"key_figures": figures, "of": enterprise} if figures else None


def enterprise_values(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return what the departments reported of an enterprise, by department."""
    return values_context(actor, enterprise) if actor.is_staff else None


def values_context(
    actor: Actor, enterprise: Enterprise, find: str = "", *, gaps: bool = False
) -> dict[str, Any]:
    """Return the values by department, narrowed to some words or to what is stale or missing."""
    groups = _values(actor, enterprise)
    if works_with(actor, enterprise):
        groups = with_gaps(groups, enterprise, clock.today())
    return {
        "value_groups": narrowed(groups, find, gaps=gaps) if find or gaps else groups,
        "value_missing": sum(len(group.missing) for group in groups),
        "value_find": find,
        "value_gaps": gaps,
        "value_open": bool(find or gaps),
        "withheld": withheld_count(actor, enterprise),
        "of": enterprise,
    }


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


def labels_of(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the labels and warnings that stand on an enterprise, with why and since when."""
    rows = list(standing_labels(actor, enterprise)) if actor.is_staff else []
    return {"assignments": rows, "checks": can_check_warning(actor, enterprise)} if rows else None


register(
    "crm.enterprise", Panel("profiles.labels", 5, "profiles/panel_labels.html", labels_of, "side")
)
register(
    "crm.enterprise",
    Panel("profiles.values", 90, "profiles/panel_values.html", enterprise_values),
)
register(
    "crm.enterprise",
    Panel("profiles.strip", 10, "profiles/panel_strip.html", enterprise_strip, "top"),
)
CONSENT_PANEL = "profiles/panel_consent.html"
register("crm.enterprise", Panel("profiles.consent", 40, CONSENT_PANEL, consent_of, "side"))
register("portal.home", Panel("profiles.consent", 40, CONSENT_PANEL, consent_of))


def _labelled(rows: QuerySet[Any], _name: str, value: Label) -> QuerySet[Any]:
    """Keep the enterprises on which a label stands."""
    standing = LabelAssignment.objects.filter(label=value).standing()  # type: ignore[attr-defined]
    return rows.filter(pk__in=standing.values("enterprise_id"))


add_filter(
    "crm.enterprises",
    "label",
    django_filters.ModelChoiceFilter(
        queryset=Label.objects.prefetch_related("versions"),
        method=_labelled,
        label=_("Label"),
        empty_label=_("All"),
    ),
)

"""The profile room's catalogue: the indicators."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.slots.catalogues import Catalogue, fields_facts, fields_form, register
from profiles.models import Indicator, IndicatorVersion
from profiles.permissions import can_edit_indicators
from profiles.services import revise_indicator

FIELDS = ("name", "unit", "department", "period", "sensitivity", "fresh_days", "definition")


def _revise(
    actor: Actor, entry: Indicator, day: date, values: dict[str, Any], at: datetime
) -> IndicatorVersion:
    return revise_indicator(actor=actor, indicator=entry, effective_from=day, values=values, at=at)


register(
    Catalogue(
        key="indicators",
        label=_("Indicators"),
        order=10,
        icon="list-details",
        versions=IndicatorVersion,
        of="indicator",
        form=fields_form(IndicatorVersion, FIELDS),
        revise=_revise,
        may=can_edit_indicators,
        facts=fields_facts(FIELDS),
        code=lambda version: version.indicator.code,
        heads=(_("Department"), _("Unit"), _("Sensitivity")),
        short=lambda v: [v.department, v.unit, v.get_sensitivity_display()],
    )
)

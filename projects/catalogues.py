"""The project room's catalogues: approval matters and fees."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.records.models import DatedVersion
from crm.common.slots.catalogues import Catalogue, fields_facts, fields_form, register
from projects.models import FeeItemVersion, MatterVersion
from projects.permissions import can_keep_catalogues
from projects.services import revise_fee, revise_matter

MATTER = (
    *("name", "stage", "department", "statutory_text", "statutory_days"),
    *("promised_text", "promised_days", "evidence"),
)
FEE = ("name", "payee", "basis")


def _by(service: Callable[..., DatedVersion]) -> Any:
    def revise(actor: Actor, entry: Any, day: date, values: dict[str, Any], at: datetime) -> Any:
        return service(actor=actor, entry=entry, effective_from=day, values=values, at=at)

    return revise


register(
    Catalogue(
        key="matters",
        label=_("Approval matters"),
        order=20,
        icon="certificate",
        versions=MatterVersion,
        of="matter",
        form=fields_form(MatterVersion, MATTER),
        revise=_by(revise_matter),
        may=can_keep_catalogues,
        facts=fields_facts(MATTER),
        code=lambda version: version.matter.code,
        heads=(_("Department"), _("Statutory limit"), _("Promised limit")),
        short=lambda version: [version.department, version.statutory_text, version.promised_text],
    )
)
register(
    Catalogue(
        key="fees",
        label=_("Fees"),
        order=30,
        icon="coin-yuan",
        versions=FeeItemVersion,
        of="item",
        form=fields_form(FeeItemVersion, FEE),
        revise=_by(revise_fee),
        may=can_keep_catalogues,
        facts=fields_facts(FEE),
        code=lambda version: version.item.code,
        heads=(_("Payee"), _("Basis")),
        short=lambda version: [version.payee, version.basis],
    )
)

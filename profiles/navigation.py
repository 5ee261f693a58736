"""The profile room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import Role
from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="imports",
        label=_("Data imports"),
        icon="database",
        url_name="staff:profiles:import_list",
        section="policy",
        order=30,
        match=("staff:profiles:",),
        roles=frozenset({Role.HANDLER, Role.AUDITOR}),
    )
)

"""The profile room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import Role
from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="labels",
        label=_("Labels and warnings"),
        icon="tag",
        url_name="staff:profiles:label_list",
        section="policy",
        order=25,
        match=("staff:profiles:label_", "staff:profiles:warning_"),
        roles=frozenset({Role.AGENT, Role.LEAD, Role.LEADER, Role.POLICY_EDITOR, Role.AUDITOR}),
    )
)
register(
    NavItem(
        key="imports",
        label=_("Data imports"),
        icon="database",
        url_name="staff:profiles:import_list",
        section="policy",
        order=30,
        match=("staff:profiles:import_", "staff:profiles:value_"),
        roles=frozenset({Role.HANDLER, Role.AUDITOR}),
    )
)

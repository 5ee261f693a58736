"""The enterprise room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import BUSINESS_ROLES, Role
from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="enterprises",
        label=_("Enterprises"),
        icon="id-badge-2",
        url_name="staff:crm:enterprise_list",
        section="policy",
        order=10,
        roles=BUSINESS_ROLES,
        match=("staff:crm:enterprise", "staff:crm:contact", "staff:crm:visit", "staff:crm:merge"),
        shortcut="e",
    )
)
register(
    NavItem(
        key="accounts",
        label=_("Accounts"),
        icon="users",
        url_name="staff:crm:account_list",
        section="system",
        order=190,
        match=("staff:crm:account", "staff:crm:staff_import"),
        roles=frozenset({Role.ADMIN}),
    )
)

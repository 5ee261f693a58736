"""The policy room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import BUSINESS_ROLES
from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="policies",
        label=_("Policy clauses"),
        icon="scale",
        url_name="staff:policy_match:clause_list",
        section="policy",
        order=20,
        match=("staff:policy_match:",),
        roles=BUSINESS_ROLES,
        shortcut="c",
    )
)

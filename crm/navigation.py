"""The enterprise room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="enterprises",
        label=_("Enterprises"),
        icon="id-badge-2",
        url_name="staff:crm:enterprise_list",
        section="policy",
        order=10,
        match=("staff:crm:",),
        shortcut="e",
    )
)

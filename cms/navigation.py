"""The publishing room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import BUSINESS_ROLES
from crm.common.slots.navigation import NavItem, register, set_landmark

register(
    NavItem(
        key="today",
        label=_("Today"),
        icon="calendar-due",
        url_name="staff:cms:today",
        section="home",
        order=0,
        match=("staff:cms:today",),
        roles=BUSINESS_ROLES,
        shortcut="t",
        tab=1,
    )
)
register(
    NavItem(
        key="bulletins",
        label=_("Monthly bulletin"),
        icon="report",
        url_name="staff:cms:bulletin_list",
        section="oversight",
        order=10,
        match=("staff:cms:bulletin_list", "staff:cms:bulletin_detail", "staff:cms:figure_detail"),
        roles=BUSINESS_ROLES,
        shortcut="b",
    )
)
set_landmark("search", "staff:cms:search")

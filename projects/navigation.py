"""The project room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import CASE_ROLES
from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="projects",
        label=_("Projects"),
        icon="building-factory-2",
        url_name="staff:projects:project_list",
        section="projects",
        order=10,
        match=("staff:projects:",),
        roles=CASE_ROLES,
        shortcut="p",
        tab=2,
    )
)

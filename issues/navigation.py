"""The issue room's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import CASE_ROLES, Role
from crm.common.slots.navigation import NavItem, register, set_landmark
from issues.permissions import OFFICE

LOGGERS = frozenset({*OFFICE, Role.HANDLER})

register(
    NavItem(
        key="issues",
        label=_("Issues"),
        icon="message-report",
        url_name="staff:issues:issue_list",
        section="projects",
        order=20,
        match=("staff:issues:issue",),
        roles=CASE_ROLES,
        shortcut="i",
        tab=4,
    )
)
register(
    NavItem(
        key="issue_log",
        label=_("Log issue"),
        icon="plus",
        url_name="staff:issues:issue_log",
        section="tab",
        order=21,
        roles=LOGGERS,
        tab=3,
    )
)
register(
    NavItem(
        key="sweeps",
        label=_("Sweeps"),
        icon="map-search",
        url_name="staff:issues:sweep_list",
        section="projects",
        order=30,
        roles=frozenset({*OFFICE, Role.AUDITOR}),
        match=("staff:issues:sweep",),
        shortcut="s",
    )
)
register(
    NavItem(
        key="meetings",
        label=_("Coordination meetings"),
        icon="users",
        url_name="staff:issues:meeting_list",
        section="projects",
        order=40,
        match=("staff:issues:meeting",),
        roles=CASE_ROLES,
        shortcut="m",
    )
)
register(
    NavItem(
        key="portal_issues",
        label=_("Issues"),
        icon="message-report",
        url_name="portal:issues:issue_list",
        section="portal",
        order=30,
        match=("portal:issues:",),
        tab=3,
    )
)
set_landmark("quick_log", "staff:issues:issue_log", LOGGERS)

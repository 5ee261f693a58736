"""What the project room shows on pages of others."""

from datetime import date
from typing import Any

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from projects.enums import Light
from projects.models import Project
from projects.selectors import by_urgency, mine

MINE_SHOWN = 7
LATE_SHOWN = 8


def enterprise_projects(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the projects of an enterprise for its page."""
    rows = Project.objects.visible_to(actor).filter(enterprise=enterprise)
    found = list(rows.select_related("area")[:6])
    return {"enterprise_projects": found} if found else None


def my_projects(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the actor's running projects with their lights, the late ones first."""
    if not actor.has(Role.AGENT, Role.LEAD):
        return None
    found = list(by_urgency(Project.objects.running().filter(mine(actor)))[:MINE_SHOWN])
    return {"my_projects": found} if found else None


def late_projects(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the running projects with something late, to whoever answers for all of them."""
    if not actor.has(Role.LEADER, Role.AUDITOR):
        return None
    rows = Project.objects.visible_to(actor).running().filter(light=Light.RED)
    found = list(by_urgency(rows).select_related("area")[:LATE_SHOWN])
    return {"late_projects": found, "late_total": rows.count()} if found else None


register(
    "cms.today",
    Panel("projects.late", 20, "projects/panel_late.html", late_projects, "side"),
)
register(
    "cms.today",
    Panel("projects.mine", 10, "projects/panel_mine.html", my_projects, "side"),
)
register(
    "crm.enterprise",
    Panel("projects.of_enterprise", 20, "projects/panel_projects.html", enterprise_projects),
)

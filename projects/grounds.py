"""What work on projects opens elsewhere: the enterprises of a person's projects."""

from typing import Any

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots import grounds
from crm.models.enterprises import IN_CARE
from projects.models import Project


def of_my_projects(actor: Actor) -> Any:
    """Return the enterprises of the projects an agent, lead or department works on."""
    if not actor.has(Role.AGENT, Role.LEAD, Role.HANDLER):
        return None
    rows = Project.objects.visible_to(actor).exclude(enterprise=None)
    return rows.order_by().values("enterprise_id")


grounds.register(IN_CARE, "projects", of_my_projects)

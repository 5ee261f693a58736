"""Who may do what with projects."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from projects.models import ListItem, Project


def can_register_project(actor: Actor, area_id: int) -> bool:
    """Administrators anywhere; agents and leads in their areas."""
    if actor.has(Role.ADMIN):
        return True
    return actor.has(Role.AGENT, Role.LEAD) and area_id in actor.area_ids


def can_edit_list(actor: Actor, project: Project) -> bool:
    """Agents and leads of the project's area, administrators."""
    return can_register_project(actor, project.area_id)


def can_finish_item(actor: Actor, item: ListItem) -> bool:
    """Whoever edits the list, and the responsible department itself."""
    if actor.has(Role.HANDLER) and item.department_id in actor.department_ids:
        return True
    return can_edit_list(actor, item.project)


def can_decide_fees(actor: Actor) -> bool:
    """Leaders, finance and administrators relieve a project of its fees."""
    return actor.has(Role.LEADER, Role.FINANCE, Role.ADMIN)

"""Who may do what with projects; the tables of moves name these functions."""

from typing import Any

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from projects.models import Approval, ListItem, Project, ZeroBurdenDecision


def can_register_project(actor: Actor, area_id: int) -> bool:
    """Agents and leads in their areas; the system when a register is handed over."""
    if actor.is_system:
        return True
    return actor.has(Role.AGENT, Role.LEAD) and area_id in actor.area_ids


def can_drive(actor: Actor, project: Project) -> bool:
    """Agents and leads of the project's area or team move its stage."""
    if can_register_project(actor, project.area_id):
        return True
    if not actor.has(Role.AGENT, Role.LEAD):
        return False
    return _on_team(actor, project)


def _on_team(actor: Actor, project: Project) -> bool:
    """Say whether the actor holds a slot now; a page that read the team asks no further query."""
    if "team" in getattr(project, "_prefetched_objects_cache", {}):
        held = [row for row in project.team.all() if row.until is None]
        return any(row.user_id in actor.person_ids for row in held)
    return project.team.filter(user_id__in=actor.person_ids, until=None).exists()


def can_stop(actor: Actor, project: Project) -> bool:
    """Team leads of the area and leaders pause, end and take back."""
    if actor.has(Role.LEADER):
        return True
    return actor.has(Role.LEAD) and project.area_id in actor.area_ids


def can_edit_list(actor: Actor, project: Project) -> bool:
    """Whoever drives the project keeps its list."""
    return can_drive(actor, project)


def can_finish_item(actor: Actor, item: ListItem) -> bool:
    """Whoever keeps the list, and the responsible department itself."""
    if actor.has(Role.HANDLER) and item.department_id in actor.department_ids:
        return True
    return can_edit_list(actor, item.project)


def can_keep_item(actor: Actor, item: ListItem) -> bool:
    """Whoever keeps the list drops and reopens its rows."""
    return can_edit_list(actor, item.project)


def can_propose_relief(actor: Actor, project: Project) -> bool:
    """Leads of the area and leaders draw up a zero-burden bill."""
    return can_stop(actor, project)


def can_decide_fees(actor: Actor, _obj: Any = None) -> bool:
    """Leaders and finance relieve a project of its fees."""
    return actor.has(Role.LEADER, Role.FINANCE)


def can_put_into_force(actor: Actor, decision: ZeroBurdenDecision) -> bool:
    """Whoever decides on fees, but never the one who proposed this decision (four eyes)."""
    proposer = decision.created_by_id
    return can_decide_fees(actor) and (proposer is None or actor.user_id != proposer)


def can_push(actor: Actor, approval: Approval) -> bool:
    """The agent's side: entrusting, gathering materials, handing in, delivering."""
    return can_drive(actor, approval.project)


def can_deliver(actor: Actor, approval: Approval) -> bool:
    """The agent hands over what was entrusted; of its own cases the enterprise fetches it."""
    return approval.is_entrusted and can_push(actor, approval)


def can_decide(actor: Actor, approval: Approval) -> bool:
    """The deciding department's side."""
    if actor.is_system:
        return True
    return actor.has(Role.HANDLER) and approval.department_id in actor.department_ids


def can_rate(actor: Actor, approval: Approval) -> bool:
    """The enterprise rates what was done for it."""
    return actor.has(Role.ENTERPRISE) and approval.project.enterprise_id in actor.enterprise_ids


def can_hand_over(actor: Actor) -> bool:
    """Who keeps the accounts hands over the work of a person who leaves."""
    return actor.has(Role.ADMIN)


def can_keep_catalogues(actor: Actor) -> bool:
    """Administrators keep the catalogues of matters and fees."""
    return actor.has(Role.ADMIN)

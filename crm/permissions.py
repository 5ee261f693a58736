"""Who may do what with enterprises."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.models import Enterprise


def can_register_enterprise(actor: Actor, area_id: int) -> bool:
    """Administrators anywhere; agents and team leads in their own areas."""
    if actor.has(Role.ADMIN):
        return True
    return actor.has(Role.AGENT, Role.LEAD) and area_id in actor.area_ids


def can_edit_enterprise(actor: Actor, enterprise: Enterprise) -> bool:
    """The same as for registering, in the area where the enterprise sits."""
    return can_register_enterprise(actor, enterprise.area_id)


def can_merge_enterprises(actor: Actor, enterprise: Enterprise) -> bool:
    """Administrators anywhere; team leads in their own areas."""
    if actor.has(Role.ADMIN):
        return True
    return actor.has(Role.LEAD) and enterprise.area_id in actor.area_ids


def can_record_visit(actor: Actor, enterprise: Enterprise) -> bool:
    """Staff who see the enterprise; auditors only read."""
    if actor.has(Role.LEADER, Role.ADMIN, Role.HANDLER):
        return True
    return can_edit_enterprise(actor, enterprise)


def can_reveal_phone(actor: Actor, enterprise: Enterprise) -> bool:
    """Agents, handlers, leads and leaders who see the enterprise; each look is audited."""
    if actor.has(Role.LEADER, Role.ADMIN, Role.HANDLER):
        return True
    return actor.has(Role.AGENT, Role.LEAD) and enterprise.area_id in actor.area_ids

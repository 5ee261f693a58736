"""Who may do what with enterprises."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.models import Enterprise


def works_with(actor: Actor, enterprise: Enterprise) -> bool:
    """Say whether the enterprise's papers (contacts, visits, values) are the actor's work.

    Asked once for each copy of a record: a page asks it for every panel and button.
    """
    known: dict[Actor, bool] = enterprise.__dict__.setdefault("_works_with", {})
    if actor not in known:
        known[actor] = Enterprise.objects.in_care_of(actor).filter(pk=enterprise.pk).exists()
    return known[actor]


def can_register_enterprise(actor: Actor, area_id: int) -> bool:
    """Agents and team leads in their own areas; the system when a register is handed over."""
    if actor.is_system:
        return True
    return actor.has(Role.AGENT, Role.LEAD) and area_id in actor.area_ids


def can_edit_enterprise(actor: Actor, enterprise: Enterprise) -> bool:
    """The same as for registering, in the area where the enterprise sits."""
    return can_register_enterprise(actor, enterprise.area_id)


def can_merge_enterprises(actor: Actor, enterprise: Enterprise) -> bool:
    """Team leads in their own areas."""
    if actor.is_system:
        return True
    return actor.has(Role.LEAD) and enterprise.area_id in actor.area_ids


def can_record_visit(actor: Actor, enterprise: Enterprise) -> bool:
    """Leaders anywhere; agents, leads and handlers where they work; auditors only read."""
    if actor.has(Role.LEADER):
        return True
    return actor.has(Role.AGENT, Role.LEAD, Role.HANDLER) and works_with(actor, enterprise)


def can_reveal_phone(actor: Actor, enterprise: Enterprise) -> bool:
    """Agents, leads and handlers of enterprises they work with, and auditors in a case.

    Leaders see numbers masked. Each look is written down and counted (see `PhoneReveal`).
    """
    if actor.has(Role.AUDITOR):
        return True
    return actor.has(Role.AGENT, Role.LEAD, Role.HANDLER) and works_with(actor, enterprise)


def can_keep_accounts(actor: Actor) -> bool:
    """Administrators open, change and close accounts; the command line makes the first one."""
    return actor.has(Role.ADMIN)

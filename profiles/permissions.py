"""Who may do what with observations."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.models import Department, Enterprise
from crm.permissions import works_with
from profiles.models import ImportBatch


def can_import(actor: Actor, department: Department) -> bool:
    """Handlers import for their own department; the command line for the one it names."""
    if actor.is_system:
        return True
    return actor.has(Role.HANDLER) and department.pk in actor.department_ids


def can_consent(actor: Actor, enterprise: Enterprise) -> bool:
    """The enterprise itself, in the portal."""
    return actor.has(Role.ENTERPRISE) and enterprise.pk in actor.enterprise_ids


def can_record_consent(actor: Actor, enterprise: Enterprise) -> bool:
    """Agents and leads who work with the enterprise record the sheet it signed."""
    return actor.has(Role.AGENT, Role.LEAD) and works_with(actor, enterprise)


def can_roll_back(actor: Actor, batch: ImportBatch) -> bool:
    """Whoever may import for the department takes its imports back."""
    return can_import(actor, batch.department)


def can_edit_labels(actor: Actor) -> bool:
    """Policy editors write the rules of labels."""
    return actor.has(Role.POLICY_EDITOR)


def can_judge_labels(actor: Actor) -> bool:
    """The system by night, policy editors at any time."""
    return actor.is_system or can_edit_labels(actor)


def can_check_warning(actor: Actor, enterprise: Enterprise) -> bool:
    """Agents and leads who work with the enterprise look into its warnings."""
    return actor.has(Role.AGENT, Role.LEAD) and works_with(actor, enterprise)


def can_edit_indicators(actor: Actor) -> bool:
    """Administrators keep the catalogues."""
    return actor.has(Role.ADMIN)

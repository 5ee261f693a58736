"""Who may do what with observations."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.models import Department
from profiles.models import ImportBatch


def can_import(actor: Actor, department: Department) -> bool:
    """Handlers import for their own department; the command line for the one it names."""
    if actor.is_system:
        return True
    return actor.has(Role.HANDLER) and department.pk in actor.department_ids


def can_roll_back(actor: Actor, batch: ImportBatch) -> bool:
    """Whoever may import for the department takes its imports back."""
    return can_import(actor, batch.department)


def can_edit_indicators(actor: Actor) -> bool:
    """Administrators keep the catalogues."""
    return actor.has(Role.ADMIN)

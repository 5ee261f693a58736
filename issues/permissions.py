"""What an actor may do in this room beyond the moves of the machines."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from issues.states import APPROVERS, OFFICE


def can_log(actor: Actor) -> bool:
    """Say whether the actor may put an issue on record: the office, handlers, enterprises."""
    return actor.has(*OFFICE, Role.HANDLER, Role.ENTERPRISE)


def can_run_sweeps(actor: Actor) -> bool:
    """Say whether the actor may open and close rounds."""
    return actor.has(*APPROVERS)


def can_visit(actor: Actor) -> bool:
    """Say whether the actor may record visits of a round."""
    return actor.has(*OFFICE)


def can_request_meeting(actor: Actor) -> bool:
    """Say whether the actor may ask for a meeting."""
    return actor.has(*OFFICE, Role.HANDLER)

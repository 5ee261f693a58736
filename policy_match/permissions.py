"""Who may do what with policies."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from policy_match.models import ClauseVersion


def can_edit_policies(actor: Actor) -> bool:
    """Policy editors and administrators draft rules and run matches."""
    return actor.has(Role.POLICY_EDITOR, Role.ADMIN)


def can_publish(actor: Actor, version: ClauseVersion) -> bool:
    """Leaders and administrators publish, never their own draft."""
    return actor.has(Role.LEADER, Role.ADMIN) and actor.user_id != version.author_id

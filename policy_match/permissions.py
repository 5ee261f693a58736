"""Who may do what with policies."""

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from policy_match.models import ClauseVersion, Push


def can_edit_policies(actor: Actor) -> bool:
    """Policy editors draft rules and run matches."""
    return actor.has(Role.POLICY_EDITOR)


def can_edit_version(actor: Actor, version: ClauseVersion) -> bool:
    """Whoever drafts rules hands them in, and takes back what was never in force."""
    return can_edit_policies(actor)


def can_sign(actor: Actor, version: ClauseVersion) -> bool:
    """Leaders send drafts back and take rules out of force."""
    return actor.has(Role.LEADER)


def can_publish(actor: Actor, version: ClauseVersion) -> bool:
    """Whoever signs publishes, never the own draft (four eyes)."""
    return can_sign(actor, version) and actor.user_id != version.author_id


def can_answer_push(actor: Actor, push: Push) -> bool:
    """Only the enterprise says whether it wants what it was told of."""
    return actor.has(Role.ENTERPRISE) and push.enterprise_id in actor.enterprise_ids

"""From a signed-in user to the actor: the only place that knows both."""

from django.conf import settings
from django.utils.module_loading import import_string

from crm.common.people.actor import Actor, Belonging
from crm.common.people.enums import Role
from crm.common.people.models import User


def actor_for(user: User) -> Actor:
    """Compute the actor of a signed-in user from its roles and its rows."""
    roles = frozenset(Role(grant.role) for grant in user.role_grants.all())
    scope: Belonging = import_string(settings.ANSHANG_ACTOR_SCOPE)(user)
    return Actor(user_id=user.pk, name=user.display_name, roles=roles, scope=scope)

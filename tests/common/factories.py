"""People for the ground floor's tests."""

import factory

from crm.common.people.actor import Actor, Scope
from crm.common.people.enums import Role
from crm.common.people.models import RoleGrant, User


class UserFactory(factory.django.DjangoModelFactory):
    """A person with an account; `roles=[Role.AGENT]` grants roles."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    display_name = factory.Sequence(lambda n: f"测试员{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.test")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleGrant.objects.create(user=self, role=role)


def actor_of(user, *roles, **scope):
    """Return an actor for a user with the given roles and rows."""
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        roles=frozenset(roles or (Role.AGENT,)),
        scope=Scope(**scope),
    )

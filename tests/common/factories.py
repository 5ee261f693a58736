"""People for the ground floor's tests."""

from datetime import UTC, datetime

import factory

from crm.common.outbox.models import Message, Recipient
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


def message_to(user, subject="测试消息", at=datetime(2024, 9, 12, 1, tzinfo=UTC)):
    """Put a message into a person's inbox; return the recipient's row."""
    message = Message.objects.create(kind="planted", subject=subject, body="内容", created_at=at)
    return Recipient.objects.create(message=message, user=user, dedupe_key=f"planted-{message.pk}")


def actor_of(user, *roles, **scope):
    """Return an actor for a user with the given roles and rows."""
    return Actor(
        user_id=user.pk,
        name=user.display_name,
        roles=frozenset(roles or (Role.AGENT,)),
        scope=Scope(**scope),
    )

"""Pages of the ground floor whose queries are counted."""

from datetime import UTC, datetime
from itertools import count

from django.urls import reverse

from crm.common.outbox.models import Notification
from crm.common.people.enums import Role
from tests.common.factories import UserFactory
from tests.pages import page

_numbers = count()


def _messages(user, rows):
    for _ in range(rows):
        Notification.objects.create(
            kind="planted",
            recipient=user,
            subject="测试消息",
            body="内容",
            created_at=datetime(2024, 9, 12, 1, tzinfo=UTC),
            dedupe_key=f"page-{next(_numbers)}",
        )


@page("common.inbox_list")
def inbox_list(rows):
    user = UserFactory(roles=[Role.LEADER])
    _messages(user, rows)
    return user, reverse("inbox_list")


@page("common.preferences_edit")
def preferences_edit(rows):
    return UserFactory(roles=[Role.LEADER]), reverse("preferences_edit")


@page("common.styleguide")
def styleguide(rows):
    user = UserFactory(roles=[Role.LEADER])
    _messages(user, rows)
    return user, reverse("staff:common:styleguide")

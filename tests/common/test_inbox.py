"""The inbox as a list: searched, narrowed to what is unread, read by the dozen."""

import re

import pytest
from django.urls import reverse

from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from tests.common.factories import UserFactory, message_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Somebody with three messages, one of them read, beside somebody else's."""
    user = UserFactory(roles=[Role.AGENT])
    for subject in ("用电问题", "用工需求"):
        message_to(user, subject)
    seen = message_to(user, "会议纪要")
    Recipient.objects.filter(pk=seen.pk).update(read_at=seen.message.created_at)
    message_to(UserFactory(roles=[Role.AGENT]), "别人的用电问题")
    client.force_login(user)
    return user


def _subjects(client, query=""):
    page = client.get(reverse("inbox_list") + query)
    return sorted(row.message.subject for row in page.context["listing"].rows)


def test_only_the_own_messages_are_found(client, person):
    assert _subjects(client, "?q=用电") == ["用电问题"]
    assert len(_subjects(client)) == 3


def test_the_unread_ones_can_be_asked_for_and_are_counted(client, person):
    assert _subjects(client, "?show=unread") == ["用工需求", "用电问题"]
    views = client.get(reverse("inbox_list")).context["listing"].views
    assert [view.count for view in views] == [None, 2]


def test_those_picked_are_marked_as_read_and_nobody_elses(client, person):
    picked = [row.pk for row in Recipient.objects.all()]
    client.post(reverse("inbox_list"), {"bulk": "read", "pick": picked})
    assert not Recipient.objects.filter(user=person, read_at=None).exists()
    assert Recipient.objects.exclude(user=person).get().read_at is None


def test_a_box_names_the_message_it_picks(client, person):
    page = client.get(reverse("inbox_list")).content.decode()
    named = re.findall(r'name="pick"[^>]*aria-label="([^"]*)"', page)
    assert sum("用电问题" in label for label in named) == 1

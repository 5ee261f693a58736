"""The enterprise's home: its projects, and its messages by day."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from crm.common.days.clock import SHANGHAI
from tests.common.factories import message_to
from tests.issues.factories import Cast, ProjectFactory

pytestmark = pytest.mark.django_db
HOME = reverse("portal:cms:home")


def at(day, hour):
    return datetime(2024, 9, day, hour, tzinfo=SHANGHAI)


def test_messages_stand_under_their_day_and_the_rest_is_a_link_away(client, settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)
    cast = Cast()
    for moment in (at(11, 9), at(11, 23), at(12, 0)):
        message_to(cast.member, f"{moment.day}日{moment.hour}时", moment)
    client.force_login(cast.member)
    page = client.get(HOME)
    assert [(day, len(told)) for day, told in page.context["days"]] == [
        (date(2024, 9, 12), 1),
        (date(2024, 9, 11), 2),
    ]
    assert "23:00" in page.content.decode()
    assert "全部消息" not in page.content.decode()
    for hour in range(9):
        message_to(cast.member, f"又一条{hour}", at(10, hour))
    assert "全部消息" in client.get(HOME).content.decode()


def test_an_enterprise_sees_its_own_projects_with_their_stage(client):
    cast = Cast()
    other = ProjectFactory()
    client.force_login(cast.member)
    text = client.get(HOME).content.decode()
    assert cast.project.name in text
    assert cast.project.get_stage_display() in text
    assert other.name not in text

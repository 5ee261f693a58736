"""What was given up is seen by administrators, and begins again at their word."""

import pytest
from django.urls import reverse

from crm.common.days.clock import machine_now
from crm.common.errors import NotAllowedError
from crm.common.outbox import letters
from crm.common.outbox.enums import Channel, WorkState
from crm.common.outbox.models import Delivery, DomainEvent, EventReceipt, Job
from crm.common.people.enums import Role
from tests.common.factories import UserFactory, actor_of, message_to

pytestmark = pytest.mark.django_db
URL = "staff:common:condition"


def bury(**fields):
    return {"state": WorkState.DEAD, "ended_at": machine_now(), "attempts": 6, **fields}


@pytest.fixture
def dead():
    now = machine_now()
    event = DomainEvent.objects.create(name="issue.closed", payload={}, created_at=now)
    return {
        "deliveries": Delivery.objects.create(
            recipient=message_to(UserFactory(), "补正告知：施工许可"),
            channel=Channel.MAIL,
            address="gone@example.test",
            **bury(last_error="对方拒收"),
        ),
        "events": EventReceipt.objects.create(event=event, subscriber="x.y", **bury()),
        "jobs": Job.objects.create(
            key="tests.gone", created_at=now, **bury(last_error="中位数缺 2 项")
        ),
    }


def test_administrators_see_what_was_given_up_of_all_kinds(client, dead):
    admin = UserFactory(roles=[Role.ADMIN])
    client.force_login(admin)
    page = client.get(reverse(URL)).content.decode()
    for words in ("补正告知：施工许可", "对方拒收", "issue.closed", "tests.gone", "中位数缺 2 项"):
        assert words in page
    assert letters.count(actor_of(admin, Role.ADMIN)) == 3


def test_nobody_else_does(client, dead):
    leader = UserFactory(roles=[Role.LEADER])
    client.force_login(leader)
    assert client.get(reverse(URL)).status_code == 403
    assert letters.piles(actor_of(leader, Role.LEADER)) == []
    assert letters.count(actor_of(leader, Role.LEADER)) == 0
    with pytest.raises(NotAllowedError):
        letters.retry(actor=actor_of(leader, Role.LEADER), kind="jobs")


@pytest.mark.parametrize("kind", ["deliveries", "jobs", "events"])
def test_a_dead_letter_begins_again(client, dead, kind):
    client.force_login(UserFactory(roles=[Role.ADMIN]))
    url = reverse("staff:common:work_retry", args=[kind])
    assert client.post(url, {"id": str(dead[kind].pk)}).status_code == 302
    row = dead[kind]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.ended_at) == (WorkState.WAITING, 0, None)
    assert client.post(url).status_code == 302


def test_a_kind_that_does_not_exist_is_a_404(client):
    client.force_login(UserFactory(roles=[Role.ADMIN]))
    assert client.post(reverse("staff:common:work_retry", args=["nothing"])).status_code == 404


def test_an_empty_pile_says_so(client):
    client.force_login(UserFactory(roles=[Role.ADMIN]))
    assert "empty py-4" in client.get(reverse(URL)).content.decode()

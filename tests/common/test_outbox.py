"""Messages and events: written with the change, handed on after commit, exactly once."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from crm.common.days import clock
from crm.common.days.clock import SHANGHAI
from crm.common.outbox import events, messages
from crm.common.outbox.enums import Channel, DeliveryState
from crm.common.outbox.messages import NotificationKind
from crm.common.outbox.models import (
    Delivery,
    DomainEvent,
    EventReceipt,
    Notification,
    NotificationPreference,
)
from tests.common.factories import UserFactory

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    made = messages.register(
        NotificationKind(
            key="tests.hello", label="问候", subject="%(name)s 有新问题", body="请看 %(name)s。"
        )
    )
    yield made
    del messages._kinds["tests.hello"]


def queue(*people, key="one"):
    return messages.queue(
        "tests.hello",
        recipients=people,
        context={"name": "江汉泵业"},
        at=AT,
        dedupe_key=key,
        url="/work/",
    )


def test_a_message_is_in_the_inbox_and_in_the_mail(kind):
    person = UserFactory()
    queue(person)
    assert messages.deliver_due() == 1
    assert Notification.objects.get().subject == "江汉泵业 有新问题"
    assert [m.to for m in mail.outbox] == [[person.email]]


def test_the_same_key_never_makes_a_second_message(kind):
    person = UserFactory()
    assert len(queue(person, person)) == 1
    assert queue(person) == []
    messages.deliver_due()
    messages.deliver_due()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused(kind):
    person = UserFactory()
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError):
        queue(person)


def test_a_rolled_back_change_tells_nobody(kind):
    person = UserFactory()
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        queue(person)
        raise ValueError("no")
    assert not Notification.objects.exists()


def test_a_failing_channel_is_tried_again_later_and_given_up_in_the_end(kind, monkeypatch):
    queue(UserFactory())

    def fail(message):
        raise OSError("mail server away")

    monkeypatch.setitem(messages._SENDERS, Channel.MAIL, fail)
    for attempt in range(1, messages.MAX_ATTEMPTS + 1):
        Delivery.objects.update(next_attempt_at=clock.machine_now())
        assert messages.deliver_due() == 0
        row = Delivery.objects.get()
        assert row.attempts == attempt
        assert "mail server away" in row.last_error
    assert row.state == DeliveryState.DEAD
    assert messages.deliver_due() == 0


def test_a_message_left_by_a_dead_worker_is_sent_by_another(kind):
    queue(UserFactory())
    Delivery.objects.update(
        state=DeliveryState.SENDING, next_attempt_at=clock.machine_now() + timedelta(minutes=5)
    )
    assert messages.deliver_due() == 0
    Delivery.objects.update(next_attempt_at=clock.machine_now() - timedelta(seconds=1))
    assert messages.deliver_due() == 1


def test_a_person_may_switch_mail_off_but_not_the_inbox(kind):
    person = UserFactory()
    NotificationPreference.objects.create(
        user=person, kind=kind.key, channel=Channel.MAIL, enabled=False
    )
    queue(person)
    assert not Delivery.objects.exists()
    assert Notification.objects.filter(recipient=person).exists()


def test_statutory_messages_ignore_the_switch():
    statutory = messages.register(
        NotificationKind(
            key="tests.law", label="公示", subject="公示", body="公示", can_be_disabled=False
        )
    )
    person = UserFactory()
    NotificationPreference.objects.create(
        user=person, kind=statutory.key, channel=Channel.MAIL, enabled=False
    )
    messages.queue(statutory.key, recipients=[person], context={}, at=AT, dedupe_key="x")
    assert Delivery.objects.count() == 1
    del messages._kinds["tests.law"]


@pytest.fixture
def heard():
    calls = []

    @events.subscribe("tests.happened")
    def listen(payload):
        if payload.get("fail_once") and not calls:
            calls.append("failed")
            raise RuntimeError("not yet")
        calls.append(payload["id"])

    yield calls
    del events._subscribers["tests.happened"]


def test_an_event_reaches_its_subscriber_once(heard):
    events.publish("tests.happened", {"id": 1})
    assert heard == []
    assert events.dispatch_pending() == 1
    assert events.dispatch_pending() == 0
    assert heard == [1]


def test_a_subscriber_that_fails_is_asked_again(heard):
    events.publish("tests.happened", {"id": 1, "fail_once": True})
    assert events.dispatch_pending() == 0
    assert "not yet" in DomainEvent.objects.get().last_error
    DomainEvent.objects.update(claimed_at=None)
    assert events.dispatch_pending() == 1
    assert heard == ["failed", 1]
    assert EventReceipt.objects.count() == 1


def test_an_event_of_a_rolled_back_change_never_happened(heard):
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        events.publish("tests.happened", {"id": 1})
        raise ValueError("no")
    assert events.dispatch_pending() == 0
    assert heard == []

"""Messages and events: written with the change, handed on after commit, exactly once."""

import uuid
from datetime import datetime, timedelta
from functools import partial

import apprise
import pytest
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.common import services
from crm.common.days import clock
from crm.common.days.clock import SHANGHAI
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import addresses, claims, doorbell, events, messages, sending
from crm.common.outbox.enums import Channel, WorkState
from crm.common.outbox.messages import MessageKind
from crm.common.outbox.models import (
    ContactPoint,
    Delivery,
    EventReceipt,
    Message,
    MessagePreference,
    Recipient,
)
from crm.common.people.enums import Role
from crm.common.people.models import User
from tests.common.factories import UserFactory, actor_of
from tests.registries import kept

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr'"),  # apprise loads all its plugins
]


@pytest.fixture
def kind():
    made = messages.register(
        MessageKind(
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
    assert sending.deliver_due() == 1
    assert Message.objects.get().subject == "江汉泵业 有新问题"
    assert [m.to for m in mail.outbox] == [[person.email]]


def test_the_same_key_never_makes_a_second_message(kind):
    person = UserFactory()
    assert len(queue(person, person)) == 1
    assert queue(person) == []
    sending.deliver_due()
    sending.deliver_due()
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
    assert not Message.objects.exists()


def test_a_failing_channel_is_tried_again_later_and_given_up_in_the_end(kind, monkeypatch):
    queue(UserFactory())

    def fail(message):
        raise OSError("mail server away")

    monkeypatch.setitem(sending.SENDERS, Channel.MAIL, fail)
    for attempt in range(1, sending.TERMS.max_attempts + 1):
        Delivery.objects.update(due_at=clock.machine_now())
        assert sending.deliver_due() == 0
        row = Delivery.objects.get()
        assert row.attempts == attempt
        assert "mail server away" in row.last_error
    assert row.state == WorkState.DEAD
    assert sending.deliver_due() == 0


def test_a_message_left_by_a_dead_worker_is_sent_by_another(kind):
    queue(UserFactory())
    claims.claim(Delivery.objects.all(), sending.TERMS, [Delivery.objects.get().pk])
    assert sending.deliver_due() == 0
    Delivery.objects.update(due_at=clock.machine_now() - timedelta(seconds=1))
    assert sending.deliver_due() == 1


@pytest.fixture
def messenger(monkeypatch):
    """Record what is sent to which messenger address."""
    sent = []

    def notify(desk, body, title, **options):
        sent.append((sorted(server.url() for server in desk), title))
        return True

    monkeypatch.setattr(apprise.Apprise, "notify", notify)
    return sent


def point(person, address, verified=AT):
    ContactPoint.objects.create(
        user=person, channel=Channel.APPRISE, address=address, verified_at=verified
    )


def test_each_persons_messenger_message_goes_to_that_person_only(kind, messenger):
    one, other, unverified = UserFactory(email=""), UserFactory(email=""), UserFactory(email="")
    point(one, "json://one.test/")
    point(other, "json://other.test/")
    point(unverified, "json://nobody.test/", None)
    queue(one)
    assert sending.deliver_due() == 1
    assert len(messenger) == 1
    assert len(messenger[0][0]) == 1
    assert "one.test" in messenger[0][0][0]
    queue(one, other, unverified, key="two")
    assert sending.deliver_due() == 2
    assert [len(addresses) for addresses, _ in messenger] == [1, 1, 1]


def test_an_address_no_messenger_knows_fails(kind):
    person = UserFactory(email="")
    point(person, "nonsense")
    queue(person)
    assert sending.deliver_due() == 0
    assert "no address" in Delivery.objects.get().last_error


def test_only_administrators_enter_messenger_addresses():
    person = UserFactory()
    boss = actor_of(UserFactory(), Role.ADMIN)
    add = partial(addresses.add_contact_point, user=person, channel=Channel.APPRISE, at=AT)
    with pytest.raises(NotAllowedError):
        add(actor=actor_of(person), address="json://one.test/")
    with pytest.raises(UserFacingError):
        add(actor=boss, address="nonsense")
    assert add(actor=boss, address=" json://one.test/ ").verified_at == AT


def test_many_recipients_cost_no_more_queries_than_two(kind):
    def cost(number):
        people = UserFactory.create_batch(number)
        with CaptureQueriesContext(connection) as made:
            assert len(queue(*people, key=str(number))) == number
        return len(made)

    ContentType.objects.clear_cache()
    assert cost(2) == cost(40) <= 8


def test_everybody_reads_it_in_the_own_language(kind):
    queue(UserFactory(), UserFactory(language="en"))
    assert Message.objects.count() == 2
    assert Recipient.objects.count() == 2


def test_a_contact_without_an_account_is_told_and_proven(kind):
    contact = messages.Contact("楚纺智造 王工", ((Channel.MAIL, "wang@example.test"),))
    told = partial(
        messages.queue, kind.key, contacts=[contact], context={"name": "x"}, at=AT, dedupe_key="c"
    )
    assert told()[0].contact_name == "楚纺智造 王工"
    assert told() == []
    assert sending.deliver_due() == 1
    assert mail.outbox[0].to == ["wang@example.test"]
    assert Delivery.objects.get().delivered_at is not None


@pytest.fixture
def in_turn():
    made = messages.register(
        MessageKind(
            key="tests.turn",
            label="依次",
            subject="依次",
            body="依次",
            falls_through=True,
            channels=(Channel.APPRISE, Channel.MAIL),
        )
    )
    yield made
    del messages._kinds["tests.turn"]


def tell_in_turn(person):
    messages.queue("tests.turn", recipients=[person], context={}, at=AT, dedupe_key="t")


def test_the_next_channel_begins_when_the_first_is_given_up(in_turn):
    person = UserFactory()
    point(person, "nonsense")
    tell_in_turn(person)
    for _ in range(sending.TERMS.max_attempts):
        assert mail.outbox == []
        Delivery.objects.filter(rank=0).update(due_at=clock.machine_now())
        sending.deliver_due()
    sending.deliver_due()
    assert [m.to for m in mail.outbox] == [[person.email]]


def test_the_next_channel_is_left_out_when_the_first_got_through(in_turn, messenger):
    person = UserFactory()
    point(person, "json://one.test/")
    tell_in_turn(person)
    assert sending.deliver_due() == 1
    assert sending.deliver_due() == 0
    assert mail.outbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done", "cancelled"}


def test_many_waiting_mails_to_one_address_become_one(kind):
    person, other = UserFactory(), UserFactory()
    for number in range(sending.DIGEST_ABOVE + 1):
        queue(person, key=str(number))
    queue(other)
    assert sending.deliver_due() == sending.DIGEST_ABOVE + 2
    assert sorted(m.to[0] for m in mail.outbox) == sorted([person.email, other.email])
    together = next(m for m in mail.outbox if m.to == [person.email])
    assert together.body.count("请看 江汉泵业。") == sending.DIGEST_ABOVE + 1


def test_a_digest_that_fails_is_tried_again(kind, monkeypatch):
    person = UserFactory()
    for number in range(sending.DIGEST_ABOVE + 1):
        queue(person, key=str(number))

    def fail(rows):
        raise OSError("mail server away")

    with monkeypatch.context() as broken:
        broken.setattr(sending, "SEND_DIGEST", fail)
        assert sending.deliver_due() == 0
    Delivery.objects.update(due_at=clock.machine_now())
    assert sending.deliver_due() == sending.DIGEST_ABOVE + 1
    assert len(mail.outbox) == 1


def test_the_link_of_a_mail_proves_that_it_was_opened(kind, client):
    person = UserFactory()
    queue(person)
    sending.deliver_due()
    row = Delivery.objects.get()
    path = reverse("inbox_open", args=[row.recipient_id])
    assert f"{path}?by={row.pk}" in mail.outbox[0].body
    client.force_login(person)
    assert client.get(f"{path}?by={row.pk}").url == "/work/"
    row.refresh_from_db()
    assert row.opened_at is not None
    assert row.recipient.read_at is not None


def test_acting_on_what_was_asked_is_recorded(kind):
    person, about = UserFactory(), UserFactory()
    messages.queue(
        kind.key, recipients=[person], context={"name": "x"}, at=AT, dedupe_key="a", target=about
    )
    act = partial(services.mark_acted, target=about, kind=kind.key, at=AT)
    assert act(actor=actor_of(about)) == 0
    assert act(actor=actor_of(person)) == 1
    assert act(actor=actor_of(person)) == 0


def test_what_the_law_requires_cannot_be_declared_optional():
    with pytest.raises(ValueError, match="law"):
        MessageKind(key="x", label="x", subject="x", body="x", statutory=True)


def test_a_person_may_switch_mail_off_but_not_the_inbox(kind):
    person = UserFactory()
    MessagePreference.objects.create(
        user=person, kind=kind.key, channel=Channel.MAIL, enabled=False
    )
    queue(person)
    assert not Delivery.objects.exists()
    assert Recipient.objects.filter(user=person).exists()


def test_statutory_messages_ignore_the_switch():
    statutory = messages.register(
        MessageKind(
            key="tests.law",
            label="公示",
            subject="公示",
            body="公示",
            can_be_disabled=False,
            statutory=True,
        )
    )
    person = UserFactory()
    MessagePreference.objects.create(
        user=person, kind=statutory.key, channel=Channel.MAIL, enabled=False
    )
    messages.queue(statutory.key, recipients=[person], context={}, at=AT, dedupe_key="x")
    assert Delivery.objects.count() == 1
    del messages._kinds["tests.law"]


@pytest.fixture
def heard(kept_registries):
    calls = []

    @events.subscribe("tests.happened")
    def listen(payload):
        if payload.get("fail_once") and not calls:
            calls.append("failed")
            raise RuntimeError("not yet")
        calls.append(payload["id"])

    return calls


def test_an_event_reaches_its_subscriber_once(heard):
    events.publish("tests.happened", {"id": 1})
    assert heard == []
    assert events.dispatch_pending() == 1
    assert events.dispatch_pending() == 0
    assert heard == [1]


def test_a_subscriber_that_fails_is_asked_again(heard):
    events.publish("tests.happened", {"id": 1, "fail_once": True})
    assert events.dispatch_pending() == 0
    assert "not yet" in EventReceipt.objects.get().last_error
    EventReceipt.objects.update(due_at=clock.machine_now())
    assert events.dispatch_pending() == 1
    assert heard == ["failed", 1]


def test_a_failing_subscriber_does_not_stop_the_others(heard):
    @events.subscribe("tests.happened")
    def also(payload):
        heard.append("also")

    events.publish("tests.happened", {"id": 1, "fail_once": True})
    assert events.dispatch_pending() == 1
    assert heard == ["failed", "also"]
    assert sorted(EventReceipt.objects.values_list("state", flat=True)) == ["done", "waiting"]


def test_a_subscriber_that_is_gone_becomes_a_dead_letter():
    with kept():
        events.subscribe("tests.happened")(print)
        events.publish("tests.happened", {"id": 1})
    for _ in range(events.TERMS.max_attempts):
        EventReceipt.objects.update(due_at=clock.machine_now())
        events.dispatch_pending()
    assert EventReceipt.objects.get().state == WorkState.DEAD


def test_what_a_subscriber_wrote_after_it_lost_its_claim_is_taken_back(kept_registries):
    @events.subscribe("tests.happened")
    def slow(payload):
        UserFactory(username="late")
        EventReceipt.objects.update(claim_token=uuid.uuid4())

    events.publish("tests.happened", {"id": 1})
    assert events.dispatch_pending() == 0
    assert not User.objects.filter(username="late").exists()


def test_an_event_of_a_rolled_back_change_never_happened(heard):
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        events.publish("tests.happened", {"id": 1})
        raise ValueError("no")
    assert events.dispatch_pending() == 0
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rings_once_and_a_part_rolled_back_takes_only_its_own_ring(monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell, "_ring_now", lambda task, *args: rung.append((task, *args)))
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            doorbell.ring("undone")
            doorbell.ring("messages")
            raise RuntimeError
        for _number in range(3):
            doorbell.ring("messages")
            doorbell.ring("job", 7)
        doorbell.ring("job", 8)
        assert not rung
    assert rung == [("messages",), ("job", 7), ("job", 8)]
    doorbell.ring("messages")
    assert rung[3:] == [("messages",)]

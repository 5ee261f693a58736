"""A person's own addresses: entered, confirmed from there, written to, removed."""

import re
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.db import transaction
from django.urls import reverse

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import addresses, messages, sending
from crm.common.outbox.enums import Channel, WorkState
from crm.common.outbox.models import ContactPoint, Delivery
from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from tests.common.factories import UserFactory, actor_of
from tests.crm.factories import AT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:'imghdr'"),  # apprise loads all its plugins
]
MINE = "wang@example.test"


@pytest.fixture
def person(client):
    user = UserFactory(email="", display_name="王工", roles=[Role.AGENT])
    client.force_login(user)
    return user


def add(client, address=MINE, channel=Channel.MAIL):
    return client.post(reverse("address_add"), {"channel": channel, "address": address})


def links():
    """Return where the letters sent so far lead."""
    sending.deliver_due()
    return [re.search(r"/me/addresses/confirm/[^/\s]+/", letter.body)[0] for letter in mail.outbox]


def tell(user, key="k"):
    """Send a message of a kind to a person; return the addresses it goes to."""
    with transaction.atomic():
        told = messages.queue(
            "issues.confirmed",
            recipients=[user],
            context=dict.fromkeys(("outcome", "title", "number", "enterprise", "words"), "x"),
            at=AT,
            dedupe_key=key,
        )
    return sorted(Delivery.objects.filter(recipient__in=told).values_list("address", flat=True))


def test_an_address_is_written_to_only_after_it_was_confirmed_from_there(client, person):
    assert add(client, f" {MINE} ").status_code == 302
    assert tell(person) == []
    (link,) = links()
    assert mail.outbox[0].to == [MINE]
    assert "王工" in mail.outbox[0].subject
    assert MINE in client.get(link).content.decode()
    assert ContactPoint.objects.get().verified_at is None  # a reading machine confirms nothing
    assert client.post(link).url == reverse("preferences_edit")
    assert tell(person, "again") == [MINE]
    verbs = ["contact_point.add", "contact_point.confirm"]
    told = AuditEvent.objects.filter(target_id=str(person.pk), verb__in=verbs).order_by("pk")
    assert [row.verb for row in told] == verbs
    assert MINE not in str([row.after for row in told])


def test_a_stranger_confirms_sees_and_removes_nothing(client, person):
    add(client)
    (link,) = links()
    point = ContactPoint.objects.get()
    client.force_login(UserFactory(roles=[Role.AGENT]))
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert MINE not in answer.content.decode()
    for name in ("address_ask", "address_remove"):
        assert client.post(reverse(name, args=[point.pk])).status_code == 404
    assert MINE not in client.get(reverse("preferences_edit")).content.decode()
    point.refresh_from_db()
    assert point.verified_at is None
    stranger = UserFactory()
    with pytest.raises(NotAllowedError):
        addresses.remove_contact_point(actor=actor_of(stranger), point=point)
    with pytest.raises(NotAllowedError):
        addresses.add_contact_point(
            actor=actor_of(stranger), user=person, channel=Channel.MAIL, address=MINE, at=AT
        )


def test_a_link_that_is_old_forged_or_of_a_removed_address_says_so(client, person, monkeypatch):
    add(client)
    (link,) = links()
    forged = reverse("address_confirm", args=[signing.dumps([1, MINE], salt="another")])
    assert client.post(forged).status_code == 410
    monkeypatch.setattr(addresses, "VALID_FOR", timedelta(seconds=-1))
    assert "链接" in client.post(link).content.decode()
    monkeypatch.undo()
    client.post(reverse("address_remove", args=[ContactPoint.objects.get().pk]))
    assert client.post(link).status_code == 410


def test_what_is_removed_is_not_written_to_any_more(client, person):
    add(client)
    client.post(links()[0])
    assert tell(person) == [MINE]
    client.post(reverse("address_remove", args=[ContactPoint.objects.get().pk]))
    waiting = Delivery.objects.get(recipient__user=person)
    assert waiting.state == WorkState.CANCELLED
    assert tell(person, "again") == []


@pytest.mark.parametrize(
    ("channel", "address", "word"),
    [
        (Channel.MAIL, "王工", "name@example.com"),
        (Channel.APPRISE, "nonsense", "wecombot://"),
        (Channel.APPRISE, "json://10.0.0.1/", "管理员"),
        (Channel.APPRISE, "mailto://a:b@example.test", "管理员"),
        (Channel.APPRISE, "wecombot://abcdefgh1234/?verify=no", "管理员"),
        (Channel.INBOX, MINE, ""),
    ],
)
def test_what_is_no_address_of_ones_own_gets_a_sentence(client, person, channel, address, word):
    answer = add(client, address, channel)
    assert answer.status_code == 400
    assert word in answer.content.decode()
    assert not ContactPoint.objects.exists()
    assert not Delivery.objects.exists()


def test_a_robot_with_a_fixed_host_may_be_entered(client, person):
    assert add(client, "wecombot://abcdefgh1234", Channel.APPRISE).status_code == 302
    assert ContactPoint.objects.get().verified_at is None
    assert Delivery.objects.get().address == "wecombot://abcdefgh1234"


def test_an_administrator_vouches_for_any_address(client):
    boss = UserFactory(roles=[Role.ADMIN])
    client.force_login(boss)
    add(client, "json://10.0.0.1/", Channel.APPRISE)
    assert ContactPoint.objects.get().verified_at is not None
    assert not Delivery.objects.exists()


def test_the_same_address_again_stays_confirmed_and_asks_nothing(client, person):
    add(client)
    client.post(links()[0])
    add(client)
    assert ContactPoint.objects.get().verified_at is not None
    assert Delivery.objects.count() == 1


def test_the_question_can_be_sent_again_but_floods_nobody(client, person):
    add(client)
    again = reverse("address_ask", args=[ContactPoint.objects.get().pk])
    answers = [client.post(again).status_code for _ in range(addresses.CHECKS_A_DAY)]
    assert answers == [302] * (addresses.CHECKS_A_DAY - 1) + [400]
    assert Delivery.objects.count() == addresses.CHECKS_A_DAY


def test_ten_addresses_are_the_most(person):
    for number in range(addresses.MOST):
        person.contact_points.create(channel=Channel.MAIL, address=f"{number}@example.test")
    with pytest.raises(UserFacingError, match="10"):
        addresses.add_contact_point(
            actor=actor_of(person), user=person, channel=Channel.MAIL, address=MINE, at=AT
        )


def test_the_settings_name_every_address_and_the_wish_by_kind_holds(client, person):
    person.contact_points.create(channel=Channel.MAIL, address=MINE, verified_at=AT)
    page = client.get(reverse("preferences_edit")).content.decode()
    assert MINE in page
    assert str(addresses.CHECK.label) not in page
    client.post(reverse("preferences_edit"), {"issues.returned:mail": "on"})
    assert tell(person) == []

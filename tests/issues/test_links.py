"""An enterprise without an account reads the answer behind a signed link and answers once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.common.errors import NotAllowedError
from crm.common.outbox.models import Recipient
from crm.common.people.actor import system_actor
from crm.common.records.links import LinkRefused, revoke_links
from crm.common.records.models import SignedLink
from crm.models import Membership
from issues import services
from issues.models import Confirmation
from issues.services.links import PURPOSE
from tests.crm.factories import ContactFactory
from tests.issues.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast):
    """An answered issue of an enterprise with a contact and no account, and its link."""
    Membership.objects.filter(enterprise=cast.enterprise).delete()
    ContactFactory(enterprise=cast.enterprise, email="huli@example.com")
    cast.issue = cast.answered(at=AT - timedelta(days=1))
    cast.url = Recipient.objects.get(message__url__startswith="/c/").message.url
    return cast


def test_the_answer_sends_the_link_to_the_contact_and_the_days_count(asked):
    told = Recipient.objects.get(message__url=asked.url)
    assert (told.user, told.message.kind) == (None, "issues.confirmation_asked")
    assert told.deliveries.get().address == "huli@example.com"
    assert asked.issue.current.asked_at == AT - timedelta(days=1)
    assert SignedLink.objects.get().label == "胡立"


def test_whoever_has_an_account_or_no_mail_gets_no_link(cast):
    ContactFactory(enterprise=cast.enterprise, email="huli@example.com")
    cast.answered()
    Membership.objects.all().delete()
    cast.enterprise.contacts.update(email="")
    assert cast.answered().current.asked_at is None
    assert not SignedLink.objects.exists()


def test_the_page_shows_the_answer_and_takes_one_word(client, asked):
    page = client.get(asked.url)
    assert page.status_code == 200
    assert "已送电" in page.content.decode()
    assert client.post(asked.url, {"outcome": "partly"}).status_code == 422
    assert client.post(asked.url, {"outcome": ""}).status_code == 422
    assert not Confirmation.objects.exists()
    assert client.post(asked.url, {"outcome": "solved"}).status_code == 200
    row = Confirmation.objects.get()
    assert (row.channel, row.speaker, row.confirmed_by) == ("link", "胡立", None)
    assert client.get(asked.url).status_code == 410
    assert client.post(asked.url, {"outcome": "not", "words": "x"}).status_code == 410
    assert Confirmation.objects.count() == 1


def test_not_solved_with_words_sends_it_back(client, asked):
    client.post(asked.url, {"outcome": "not", "words": "还是没电"})
    asked.issue.refresh_from_db()
    assert (asked.issue.status, asked.issue.round_number) == ("handling", 2)


def test_expired_revoked_overtaken_and_foreign_links_get_a_sentence(client, asked, settings):
    settings.ANSHANG_TODAY = AT.date() + timedelta(days=60)
    assert client.get(asked.url).status_code == 410
    settings.ANSHANG_TODAY = AT.date()
    assert client.get("/c/wrong/").status_code == 410
    services.record_telephone_word(
        actor=asked.acts("lead"), at=AT, issue=asked.issue, speaker="胡立", outcome="solved"
    )
    assert client.get(asked.url).status_code == 410
    token = asked.url.split("/")[2]
    with pytest.raises(LinkRefused):
        services.confirm_by_link(actor=system_actor("x"), at=AT, token=token, outcome="not")
    revoke_links(purpose=PURPOSE, target=asked.issue.current, actor=asked.acts("lead"), at=AT)
    page = client.get(asked.url)
    assert page.status_code == 410
    assert "已送电" not in page.content.decode()


def test_the_office_copies_a_link_and_strangers_and_handlers_do_not(client, asked):
    url = reverse("staff:issues:issue_link", args=[asked.issue.pk])
    client.force_login(asked.stranger)
    assert client.post(url).status_code == 404
    client.force_login(asked.handler)
    assert client.post(url).status_code == 403
    with pytest.raises(NotAllowedError):
        services.copy_link(actor=asked.acts("handler"), at=AT, issue=asked.issue, label="x")
    client.force_login(asked.agent)
    page = client.post(url)
    assert "/c/" in page.content.decode()
    assert SignedLink.objects.count() == 2

"""Signed links: one purpose, one record, once, until a day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from crm.common.people.enums import Role
from crm.common.records.links import (
    LinkRefused,
    issue_link,
    links_of,
    open_link,
    revoke_links,
    use_link,
)
from crm.common.records.models import AuditEvent, SignedLink
from tests.common.factories import UserFactory, actor_of
from tests.crm.factories import AT

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=7)


@pytest.fixture
def agent():
    return actor_of(UserFactory(), Role.AGENT)


@pytest.fixture
def person():
    return UserFactory()


def link(agent, person, purpose="issues.confirm"):
    return issue_link(
        purpose=purpose, target=person, actor=agent, at=AT, expires_at=LATER, label="王经理"
    )


def test_a_link_opens_its_record_and_its_making_is_in_the_audit(agent, person):
    row = open_link(purpose="issues.confirm", token=link(agent, person), at=AT)
    assert (row.target, row.label) == (person, "王经理")
    assert AuditEvent.objects.filter(verb="link.issue").count() == 1


def test_the_token_is_stored_nowhere(agent, person):
    token = link(agent, person)
    row = SignedLink.objects.get()
    assert token not in str(vars(row))


def test_a_link_is_used_once(agent, person):
    token = link(agent, person)
    row = open_link(purpose="issues.confirm", token=token, at=AT)
    use_link(link=row, at=AT)
    for act in (
        lambda: use_link(link=row, at=AT),
        lambda: open_link(purpose="issues.confirm", token=token, at=AT),
    ):
        with pytest.raises(LinkRefused, match=r"used|用过"):
            act()


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "", lambda t: t + "x"])
def test_a_mistyped_link_is_refused_with_what_to_do(agent, person, spoil):
    with pytest.raises(LinkRefused):
        open_link(purpose="issues.confirm", token=spoil(link(agent, person)), at=AT)


def test_a_link_does_not_serve_another_purpose(agent, person):
    with pytest.raises(LinkRefused):
        open_link(purpose="grants.confirm", token=link(agent, person), at=AT)


def test_an_expired_link_is_refused(agent, person):
    with pytest.raises(LinkRefused):
        open_link(purpose="issues.confirm", token=link(agent, person), at=LATER)


def test_revoked_links_open_no_more_and_used_ones_stay_used(agent, person):
    first, second = link(agent, person), link(agent, person)
    use_link(link=open_link(purpose="issues.confirm", token=first, at=AT), at=AT)
    assert revoke_links(purpose="issues.confirm", target=person, actor=agent, at=AT) == 1
    assert revoke_links(purpose="issues.confirm", target=person, actor=agent, at=AT) == 0
    with pytest.raises(LinkRefused):
        open_link(purpose="issues.confirm", token=second, at=AT)
    assert links_of(person, "issues.confirm").count() == 2


def test_the_database_refuses_a_link_that_expires_before_it_is_made(agent, person):
    with pytest.raises(IntegrityError), transaction.atomic():
        issue_link(purpose="x", target=person, actor=agent, at=AT, expires_at=AT, label="王经理")

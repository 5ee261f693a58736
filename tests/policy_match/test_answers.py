"""An enterprise says whether it wants a policy it was told of; its agents hear it."""

import pytest
from django.urls import reverse

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from policy_match.models import Push
from policy_match.services import answer_push, push_matches
from tests.crm.factories import AT, EnterpriseFactory, acting, member_of, staff
from tests.policy_match.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def push():
    cast, enterprise = Cast(), EnterpriseFactory()
    member_of(enterprise)
    cast.know(enterprise, revenue=4260, rd=287)
    (found,) = push_matches(actor=cast.editor, run=cast.run(), at=AT)
    return found


@pytest.fixture
def member(push):
    return push.enterprise.memberships.get().user


def say(client, user, push, **data):
    client.force_login(user)
    return client.post(reverse("portal:policy_match:push_answer", args=[push.pk]), data)


def test_a_yes_is_kept_and_told_to_the_agent_and_may_become_a_no(client, push, member):
    agent = staff(Role.AGENT, areas=[push.enterprise.area])
    page = say(client, member, push, answer="wanted").url
    row = Push.objects.get()
    assert (row.answer, row.answered_by, row.answer_words) == ("wanted", member, "")
    assert "要" in client.get(page).content.decode()
    say(client, member, push, answer="declined", words="设备是租的")
    row = Push.objects.get()
    assert (row.answer, row.answer_words) == ("declined", "设备是租的")
    assert "设备是租的" in client.get(page).content.decode()
    told = Recipient.objects.filter(message__kind="policy_match.answered")
    assert [one.user for one in told] == [agent, agent]


@pytest.mark.parametrize("data", [{"answer": "declined"}, {"answer": "perhaps"}, {}])
def test_a_no_asks_why_and_anything_else_is_refused(client, push, member, data):
    answer = say(client, member, push, **data)
    assert answer.status_code >= 400
    assert "data-as-error-summary" in answer.content.decode()
    assert Push.objects.get().answer == ""


def test_the_same_is_not_said_twice(push, member):
    answer_push(actor=acting(member), push=push, answer="wanted", at=AT)
    with pytest.raises(UserFacingError):
        answer_push(actor=acting(member), push=push, answer="wanted", at=AT)


def test_nobody_answers_for_another_enterprise(client, push):
    stranger = member_of(EnterpriseFactory())
    assert say(client, stranger, push, answer="wanted").status_code == 404
    for user in (stranger, staff(Role.LEADER)):
        with pytest.raises(NotAllowedError):
            answer_push(actor=acting(user), push=push, answer="wanted", at=AT)
    assert Push.objects.get().answered_at is None


def test_the_agent_is_asked_by_the_form_of_needs_which_knows_the_policy(client, push, member):
    client.force_login(member)
    page = client.get(reverse("portal:policy_match:push_detail", args=[push.pk]))
    report = reverse("portal:issues:issue_report")
    assert f"{report}?kind=need" in page.content.decode()
    asked = client.get(report, {"kind": "need", "words": page.context["ask_words"]})
    assert push.version.clause.title in asked.content.decode()

"""An enterprise is shown the open issue of the same kind and adds to it; nobody else does."""

import pytest
from django.urls import reverse

from crm.common.errors import NotAllowedError
from crm.common.outbox.models import Recipient
from crm.common.records.comments import add_comment
from crm.common.records.files import files_of
from crm.common.records.models import Comment
from crm.common.records.transitions import MoveRefused
from issues.services import add_words
from tests.issues.factories import AT, CategoryFactory, picture

pytestmark = pytest.mark.django_db
OUTLOOK = reverse("portal:issues:issue_outlook")
WORDS = "又停了一台桩机。"


def add(client, user, issue, **data):
    client.force_login(user)
    return client.post(reverse("portal:issues:issue_add", args=[issue.pk]), data)


def asked(client, cast, **more):
    client.force_login(cast.member)
    data = {"enterprise": cast.enterprise.pk, "severity": "stopped", **more}
    return client.get(OUTLOOK, data).content.decode()


def test_the_form_says_who_calls_by_when_and_which_issue_is_open(client, cast, settings):
    settings.ANSHANG_TODAY = AT.date()
    text = asked(client, cast, category=cast.category.pk)
    assert cast.agent.display_name in text
    assert "9月13日" in text
    assert "#add" not in text
    issue = cast.log()
    assert issue.title in asked(client, cast, category=cast.category.pk)
    assert issue.title not in asked(client, cast, category=CategoryFactory().pk)
    assert asked(client, cast)


def test_an_issue_of_another_enterprise_and_one_struck_off_are_not_offered(client, cast):
    issue = cast.closed()
    assert issue.title not in asked(client, cast, category=cast.category.pk)
    again = cast.log(verbatim="另一件停电的事。")
    client.force_login(cast.strange_member)
    data = {"enterprise": cast.enterprise.pk, "category": cast.category.pk}
    assert again.title not in client.get(OUTLOOK, data).content.decode()


def test_what_is_added_stands_on_both_pages_and_is_told_to_who_works_on_it(client, cast):
    issue = cast.log(department=cast.power)
    answer = add(client, cast.member, issue, text=WORDS, photos=[picture()])
    assert WORDS in client.get(answer.url).content.decode()
    assert files_of(issue).count() == 1
    told = Recipient.objects.filter(message__kind="issues.added").values_list("user", flat=True)
    assert set(told) == {cast.agent.pk, cast.handler.pk}
    client.force_login(cast.agent)
    page = client.get(reverse("staff:issues:issue_detail", args=[issue.pk]))
    assert WORDS in page.content.decode()


def test_a_note_of_the_staff_does_not_stand_before_the_enterprise(client, cast):
    issue = cast.log()
    add_comment(actor=cast.acts("agent"), target=issue, text="内部意见", at=AT)
    client.force_login(cast.member)
    page = client.get(reverse("portal:issues:issue_detail", args=[issue.pk]))
    assert "内部意见" not in page.content.decode()


def test_nothing_empty_is_added_and_the_form_says_so(client, cast):
    answer = add(client, cast.member, cast.log(), text="  ")
    assert answer.status_code == 422
    assert "写下要补充什么" in answer.content.decode()
    assert not Comment.objects.exists()


def test_ten_files_are_too_many_and_nothing_is_kept(client, cast):
    issue = cast.log()
    answer = add(client, cast.member, issue, text=WORDS, photos=[picture() for _ in range(10)])
    assert answer.status_code in (400, 422)
    assert not Comment.objects.exists()
    assert not files_of(issue).exists()


def test_another_enterprise_does_not_find_it_and_staff_use_their_own_note(client, cast):
    issue = cast.log()
    assert add(client, cast.strange_member, issue, text=WORDS).status_code == 404
    for who in ("agent", "strange_member"):
        with pytest.raises(NotAllowedError):
            add_words(actor=cast.acts(who), at=AT, issue=issue, text=WORDS)
    assert not Comment.objects.exists()


def test_to_an_issue_at_rest_nothing_is_added(client, cast):
    issue = cast.closed()
    with pytest.raises(MoveRefused):
        add_words(actor=cast.acts("member"), at=AT, issue=issue, text=WORDS)
    client.force_login(cast.member)
    page = client.get(reverse("portal:issues:issue_detail", args=[issue.pk]))
    assert page.context["adding"] is None

"""Notes on records: staff who see the record write them, nobody edits them."""

import pytest
from django.urls import reverse

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.models import User
from crm.common.records.comments import add_comment, comments_of, withdraw_comment
from crm.common.records.models import Comment
from tests.crm.factories import AT, acting, member_of
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def note(cast, text="已电话沟通"):
    return add_comment(actor=cast.agent, target=cast.project, text=text, at=AT)


def test_a_note_stands_on_the_record_with_its_author(cast):
    note(cast)
    (row,) = comments_of(cast.project)
    assert (row.text, row.created_by_id, row.target) == (
        "已电话沟通",
        cast.agent.user_id,
        cast.project,
    )


def test_a_stranger_and_an_enterprise_note_nothing(cast):
    for actor in (cast.stranger, acting(member_of(cast.enterprise))):
        with pytest.raises(NotAllowedError):
            add_comment(actor=actor, target=cast.project, text="x", at=AT)
    assert not Comment.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001])
def test_an_empty_or_endless_note_is_refused(cast, text):
    with pytest.raises(UserFacingError):
        note(cast, text)


def test_a_note_is_taken_back_by_its_author_only_and_its_place_stays(cast):
    row = note(cast)
    with pytest.raises(NotAllowedError):
        withdraw_comment(actor=cast.lead, comment=row, at=AT)
    withdraw_comment(actor=cast.agent, comment=row, at=AT)
    assert comments_of(cast.project)[0].withdrawn_at == AT


def sign_in(client, actor):
    client.force_login(User.objects.get(pk=actor.user_id))


def test_the_page_of_a_project_takes_and_shows_notes(cast, client):
    sign_in(client, cast.agent)
    page = reverse("staff:projects:project_detail", args=[cast.project.pk])
    url = reverse("comment_add", args=["projects.project", cast.project.pk])
    assert client.post(url, {"text": "客户下周来签约", "next": page}).url == page
    assert "客户下周来签约" in client.get(page).content.decode()
    row = Comment.objects.get()
    client.post(reverse("comment_withdraw", args=[row.pk]), {"next": page})
    assert "客户下周来签约" not in client.get(page).content.decode()


@pytest.mark.parametrize("kind", ["projects.nothing", "nonsense", "common.user", "auth.group"])
def test_only_business_records_take_notes(cast, client, kind):
    sign_in(client, cast.agent)
    assert client.post(reverse("comment_add", args=[kind, 1]), {"text": "x"}).status_code == 404


def test_a_foreign_record_and_a_foreign_note_are_a_404(cast, client):
    row = note(cast)
    sign_in(client, cast.stranger)
    url = reverse("comment_add", args=["projects.project", cast.project.pk])
    assert client.post(url, {"text": "x"}).status_code == 404
    assert client.post(reverse("comment_withdraw", args=[row.pk])).status_code == 404

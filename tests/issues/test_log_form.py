"""The log form and a finding of a visit ask for the same; what is wrong stands beside its field."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from issues.forms import FindingForm, HeardForm, IssueLogForm
from issues.models import Issue
from tests.issues.factories import Cast, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(client):
    cast = Cast()
    client.force_login(cast.agent)
    return cast


def send(client, cast, **said):
    given = {
        "subject": f"p:{cast.project.pk}",
        "category": cast.category.pk,
        "severity": "normal",
        "verbatim": "临时用电没通。",
        **said,
    }
    return client.post(reverse("staff:issues:issue_log"), given)


def test_both_ask_for_the_same_four(cast):
    four = list(HeardForm().fields)
    assert list(FindingForm().fields) == four
    assert list(IssueLogForm(actor=cast.acts("agent")).fields)[1:5] == four


def test_an_empty_photo_is_told_beside_the_words_and_nothing_is_logged(client, cast):
    empty = SimpleUploadedFile("空.jpg", b"", content_type="image/jpeg")
    answer = send(client, cast, photos=[picture(), empty])
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["photos"]
    assert answer.context["form"].errors["photos"][0] in answer.content.decode()
    assert not Issue.objects.exists()


def test_photos_come_with_the_issue(client, cast):
    answer = send(client, cast, photos=[picture("一.jpg"), picture("二.jpg")])
    page = client.get(answer.url).content.decode()
    assert "一.jpg" in page
    assert "二.jpg" in page

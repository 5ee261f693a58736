"""The thread: logged on the phone with a photo, assigned, answered, confirmed, struck off."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.common.outbox.models import Recipient
from crm.common.records.files import files_of
from crm.common.records.models import StoredFile
from issues.models import Issue
from tests.issues.factories import picture

pytestmark = pytest.mark.django_db
LOG = "staff:issues:issue_log"


def typed(cast, **fields):
    given = {
        "subject": f"p:{cast.project.pk}",
        "category": cast.category.pk,
        "severity": "stopped",
        "verbatim": "进场道路积水，混凝土车进不来。企业要求先铺钢板。",
        "client_uuid": str(uuid.uuid4()),
    }
    return {**given, **fields}


def move(client, user, issue, name, **fields):
    client.force_login(user)
    return client.post(reverse("staff:issues:issue_move", args=[issue.pk, name]), fields)


def test_an_issue_goes_from_the_phone_to_struck_off(client, cast):
    client.force_login(cast.agent)
    assert client.get(reverse(LOG), {"subject": f"p:{cast.project.pk}"}).status_code == 200
    client.post(reverse(LOG), typed(cast, photos=[picture()]))
    issue = Issue.objects.get()
    assert (issue.status, issue.units) == ("assigned", cast.power.short_name)
    assert issue.title == "进场道路积水，混凝土车进不来"
    photo = files_of(issue).get()
    assert Recipient.objects.filter(user=cast.handler, message__kind="issues.assigned").count() == 1

    assert move(client, cast.handler, issue, "sign").status_code == 302
    answer = move(
        client, cast.handler, issue, "answer", text="钢板已铺", evidence=[picture("后.jpg")]
    )
    assert answer.status_code == 302
    assert Recipient.objects.filter(user=cast.agent, message__kind="issues.answered").exists()
    assert Recipient.objects.filter(
        user=cast.member, message__kind="issues.confirmation_asked"
    ).exists()

    client.force_login(cast.member)
    page = client.get(reverse("portal:issues:issue_detail", args=[issue.pk]))
    assert "钢板已铺" in page.content.decode()
    sent = client.get(reverse("file_download", args=[photo.pk]))
    assert b"".join(sent.streaming_content) == photo.file.open().read()
    sent.close()
    photo.file.close()
    confirm = reverse("portal:issues:issue_confirm", args=[issue.pk])
    assert client.post(confirm, {"outcome": "solved", "stars": "4"}).status_code == 302

    assert (
        move(client, cast.agent, issue, "verify", photos=[picture("核验.jpg")]).status_code == 302
    )
    assert move(client, cast.lead, issue, "close").status_code == 302
    issue.refresh_from_db()
    assert issue.status == "closed"
    assert issue.closed_at is not None
    assert client.get(reverse("staff:issues:issue_detail", args=[issue.pk])).status_code == 200


def test_the_same_draft_sent_twice_is_one_issue_with_one_photo(client, cast):
    client.force_login(cast.agent)
    draft = str(uuid.uuid4())
    first = client.post(reverse(LOG), typed(cast, client_uuid=draft, photos=[picture()]))
    again = client.post(reverse(LOG), typed(cast, client_uuid=draft, photos=[picture()]))
    assert first.url == again.url
    assert Issue.objects.count() == 1
    assert StoredFile.objects.count() == 1


def test_a_file_of_a_wrong_kind_gets_a_sentence_and_the_words_stay(client, cast):
    client.force_login(cast.agent)
    wrong = SimpleUploadedFile("木马.exe", b"MZ" * 40)
    page = client.post(reverse(LOG), typed(cast, photos=[picture(), wrong]))
    text = page.content.decode()
    assert page.status_code == 400
    assert "木马.exe" in text
    assert "混凝土车进不来" in text
    assert cast.project.name in text
    assert not Issue.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_photo_that_is_too_big_gets_a_sentence_and_nothing_is_saved(client, cast, settings):
    settings.FILE_MAX_BYTES = 100
    client.force_login(cast.agent)
    page = client.post(reverse(LOG), typed(cast, photos=[picture("大.jpg")]))
    assert page.status_code == 400
    assert "大.jpg" in page.content.decode()
    assert not Issue.objects.exists()


def test_what_is_missing_is_said_at_its_place(client, cast):
    client.force_login(cast.agent)
    page = client.post(reverse(LOG), {"verbatim": "只写了这一句"})
    assert page.status_code == 422
    assert "只写了这一句" in page.content.decode()
    assert not Issue.objects.exists()


def test_a_project_outside_the_agents_area_cannot_be_logged_about(client, cast):
    client.force_login(cast.stranger)
    page = client.post(reverse(LOG), typed(cast))
    assert page.status_code == 422
    assert not Issue.objects.exists()


def test_the_picker_finds_by_pinyin_initials(client, cast):
    client.force_login(cast.agent)
    page = client.get(reverse("staff:issues:issue_pick"), {"q": cast.enterprise.initials[:4]})
    assert cast.enterprise.name in page.content.decode()


def test_anybody_of_the_staff_may_log_about_any_enterprise_but_finds_only_own_projects(
    client, cast
):
    client.force_login(cast.stranger)
    page = client.get(reverse("staff:issues:issue_pick"), {"q": cast.enterprise.initials[:4]})
    assert cast.enterprise.name in page.content.decode()
    assert f"p:{cast.project.pk}" not in page.content.decode()


def test_unit_and_day_are_told_before_sending(client, cast):
    client.force_login(cast.agent)
    page = client.get(
        reverse("staff:issues:issue_forecast"),
        {"category": cast.category.pk, "severity": "stopped"},
    )
    assert cast.power.short_name in page.content.decode()


def test_an_answer_without_evidence_is_refused_on_the_page_and_keeps_its_words(client, cast):
    issue = cast.log(department=cast.power)
    move(client, cast.handler, issue, "sign")
    page = move(client, cast.handler, issue, "answer", text="口头说好了")
    assert page.status_code == 422
    assert "口头说好了" in page.content.decode()
    issue.refresh_from_db()
    assert issue.status == "signed"


MOVES = ["assign", "sign", "answer", "verify", "close", "park", "refuse"]


def test_strangers_get_404_on_every_address_of_an_issue(client, cast):
    issue = cast.answered()
    photo = files_of(issue).get()
    for person in (cast.stranger, cast.strange_handler):
        client.force_login(person)
        assert client.get(reverse("staff:issues:issue_detail", args=[issue.pk])).status_code == 404
        for name in MOVES:
            assert move(client, person, issue, name).status_code == 404, name
        assert client.get(reverse("file_download", args=[photo.pk])).status_code == 404
        assert issue.title not in client.get(reverse("staff:issues:issue_list")).content.decode()
    client.force_login(cast.strange_member)
    assert client.get(reverse("portal:issues:issue_detail", args=[issue.pk])).status_code == 404
    confirm = reverse("portal:issues:issue_confirm", args=[issue.pk])
    assert client.post(confirm, {"outcome": "solved"}).status_code == 404
    assert client.get(reverse("file_download", args=[photo.pk])).status_code == 404
    assert issue.title not in client.get(reverse("portal:issues:issue_list")).content.decode()


def test_the_list_filters_and_exports(client, cast):
    issue = cast.log(department=cast.power)
    client.force_login(cast.lead)
    url = reverse("staff:issues:issue_list")
    assert (
        issue.title in client.get(url, {"q": issue.number, "status": "assigned"}).content.decode()
    )
    assert issue.title not in client.get(url, {"status": "closed"}).content.decode()
    assert issue.title not in client.get(url, {"due": "overdue"}).content.decode()
    assert issue.title in client.get(url, {"department": cast.power.pk}).content.decode()
    export = client.get(url, {"format": "xlsx"})
    assert export.status_code == 200
    assert "spreadsheet" in export["Content-Type"]

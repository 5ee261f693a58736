"""What can always be done on an issue: urge, add a file, a note, take a mistaken entry back."""

import pytest
from django.urls import reverse

from crm.common.outbox.models import Recipient
from crm.common.records.files import files_of
from crm.common.records.models import Comment
from tests.issues.factories import picture

pytestmark = pytest.mark.django_db


def act(client, user, issue, name, **fields):
    client.force_login(user)
    return client.post(reverse(f"staff:issues:{name}", args=[issue.pk]), fields)


def page_of(client, user, issue):
    client.force_login(user)
    return client.get(reverse("staff:issues:issue_detail", args=[issue.pk])).content.decode()


def urged(cast):
    return Recipient.objects.filter(user=cast.handler, message__kind="issues.urged")


def test_the_office_urges_once_a_day_and_the_note_says_whom(client, cast):
    issue = cast.log(department=cast.power)
    address = reverse("staff:issues:issue_urge", args=[issue.pk])
    assert address in page_of(client, cast.agent, issue)
    assert act(client, cast.agent, issue, "issue_urge", words="桩机停着").status_code == 302
    assert urged(cast).count() == 1
    assert cast.power.short_name in Comment.objects.get().text
    again = act(client, cast.lead, issue, "issue_urge")
    assert again.status_code == 400
    assert urged(cast).count() == 1


def test_nobody_is_urged_while_no_department_has_it(client, cast):
    issue = cast.log()
    address = reverse("staff:issues:issue_urge", args=[issue.pk])
    assert address not in page_of(client, cast.agent, issue)
    assert act(client, cast.agent, issue, "issue_urge").status_code == 409


def test_a_handler_is_not_offered_to_urge_and_strangers_find_nothing(client, cast):
    issue = cast.log(department=cast.power)
    address = reverse("staff:issues:issue_urge", args=[issue.pk])
    assert address not in page_of(client, cast.handler, issue)
    assert act(client, cast.handler, issue, "issue_urge").status_code == 403
    for name in ("issue_urge", "issue_file"):
        assert act(client, cast.stranger, issue, name).status_code == 404
    assert not urged(cast).exists()


def test_office_and_unit_add_files_and_a_wrong_one_is_refused(client, cast):
    issue = cast.log(department=cast.power)
    for user in (cast.agent, cast.handler):
        assert act(client, user, issue, "issue_file", files=[picture()]).status_code == 302
    assert files_of(issue).count() == 2
    empty = act(client, cast.agent, issue, "issue_file")
    assert empty.status_code == 400
    assert files_of(issue).count() == 2


def test_whoever_logged_it_takes_a_mistake_back_until_it_is_signed_for(client, cast):
    mistake, signed = cast.log(department=cast.power), cast.log(department=cast.power)
    client.force_login(cast.handler)
    client.post(reverse("staff:issues:issue_move", args=[signed.pk, "sign"]))
    for issue, status in ((mistake, 302), (signed, 403)):
        client.force_login(cast.agent)
        address = reverse("staff:issues:issue_move", args=[issue.pk, "withdraw"])
        assert client.post(address, {"reason": "录错了"}).status_code == status


def test_the_unit_is_changed_while_it_is_being_handled(client, cast):
    issue = cast.log(department=cast.power)
    client.force_login(cast.handler)
    client.post(reverse("staff:issues:issue_move", args=[issue.pk, "sign"]))
    client.force_login(cast.agent)
    address = reverse("staff:issues:issue_move", args=[issue.pk, "reassign"])
    assert client.post(address, {"department": cast.park.pk}).status_code == 302
    issue.refresh_from_db()
    assert (issue.status, issue.units) == ("assigned", cast.park.short_name)


def test_the_subtitle_leads_to_enterprise_and_project(client, cast):
    text = page_of(client, cast.agent, cast.log())
    assert reverse("staff:crm:enterprise_detail", args=[cast.enterprise.pk]) in text
    assert reverse("staff:projects:project_detail", args=[cast.project.pk]) in text

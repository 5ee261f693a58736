"""An enterprise reports in its own words, learns the number and who calls; complaints stay hidden."""

import pytest
from django.urls import reverse

from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from crm.common.records.files import files_of
from issues.models import Issue
from tests.crm.factories import AreaFactory, staff
from tests.issues.factories import picture

pytestmark = pytest.mark.django_db
REPORT = "portal:issues:issue_report"
WORDS = "厂门口雨水井堵了，一下雨就漫到装卸口。"


def typed(cast, **fields):
    given = {
        "enterprise": cast.enterprise.pk,
        "kind": "problem",
        "category": cast.category.pk,
        "severity": "delaying",
        "verbatim": WORDS,
        "client_uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    }
    return {**given, **fields}


def report(client, cast, **fields):
    client.force_login(cast.member)
    return client.post(reverse(REPORT), typed(cast, **fields))


def test_what_was_said_stays_verbatim_and_the_page_says_number_and_who_calls(client, cast):
    client.force_login(cast.member)
    assert reverse(REPORT) in client.get(reverse("portal:issues:issue_list")).content.decode()
    assert client.get(reverse(REPORT), {"kind": "need"}).status_code == 200
    answer = report(client, cast, photos=[picture()])
    issue = Issue.objects.get()
    assert (issue.verbatim, issue.source, issue.status) == (WORDS, "portal", "received")
    assert files_of(issue).count() == 1
    text = client.get(answer.url).content.decode()
    assert issue.number in text
    assert cast.agent.display_name in text
    assert "9月13日" in text
    assert Recipient.objects.filter(user=cast.agent, message__kind="issues.reported").count() == 1
    assert report(client, cast).url == answer.url
    assert Issue.objects.count() == 1


def test_an_enterprise_sees_the_phone_of_its_own_agent_only(client, cast):
    cast.agent.phone = "13800000001"
    cast.agent.save()
    other = staff(Role.AGENT, areas=[AreaFactory()], phone="13900000009")
    client.force_login(cast.member)
    for address in (reverse(REPORT), reverse("portal:cms:home")):
        text = client.get(address).content.decode()
        assert cast.agent.phone in text
        assert other.phone not in text
        assert cast.stranger.display_name not in text
    client.force_login(cast.strange_member)
    assert cast.agent.phone not in client.get(reverse("portal:cms:home")).content.decode()


def test_a_complaint_is_invisible_to_the_department_it_is_about(client, cast):
    report(client, cast, about_department=cast.power.pk)
    issue = Issue.objects.get()
    assert issue.about_department == cast.power
    detail = reverse("staff:issues:issue_detail", args=[issue.pk])
    for who, status in (("handler", 404), ("agent", 200), ("leader", 200), ("stranger", 404)):
        client.force_login(getattr(cast, who))
        assert client.get(detail).status_code == status, who
    client.force_login(cast.agent)
    page = client.post(
        reverse("staff:issues:issue_move", args=[issue.pk, "assign"]),
        {"department": cast.power.pk},
    )
    assert page.status_code == 400
    issue.refresh_from_db()
    assert issue.status == "received"


def test_staff_log_a_complaint_and_it_goes_to_nobody_by_itself(client, cast):
    client.force_login(cast.agent)
    answer = client.post(
        reverse("staff:issues:issue_log"),
        {
            "subject": f"p:{cast.project.pk}",
            "category": cast.category.pk,
            "severity": "normal",
            "verbatim": WORDS,
            "about_department": cast.power.pk,
        },
    )
    assert answer.status_code == 302
    issue = Issue.objects.get()
    assert (issue.status, issue.about_department) == ("received", cast.power)


def test_what_is_wrong_is_said_and_the_words_are_kept(client, cast):
    answer = report(client, cast, category="")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert WORDS in text
    assert "id_category_error" in text
    assert not Issue.objects.exists()


def test_nobody_reports_for_an_enterprise_that_is_not_theirs(client, cast):
    client.force_login(cast.strange_member)
    answer = client.post(reverse(REPORT), typed(cast))
    assert answer.status_code == 422
    assert not Issue.objects.exists()
    client.force_login(cast.agent)
    assert client.get(reverse(REPORT)).status_code in (302, 403)


def test_the_enterprise_sees_the_rounds_before_this_one(client, cast):
    issue = cast.answered()
    client.force_login(cast.member)
    confirm = reverse("portal:issues:issue_confirm", args=[issue.pk])
    assert client.post(confirm, {"outcome": "not", "words": "又停了"}).status_code == 302
    text = client.get(reverse("portal:issues:issue_detail", args=[issue.pk])).content.decode()
    assert "历次办理" in text

"""Today is a screen on which people act: log by typing, sign, urge, arrange, open the diary."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from crm.common.days.clock import SHANGHAI
from crm.common.people.enums import Role
from crm.common.records.models import Comment
from crm.common.slots import today
from crm.common.slots.today import TodayGroup, TodayRow, register_rows
from issues.enums import IssueStatus, SweepStatus
from issues.models import Issue, IssueAssignment, Meeting, Sweep
from projects.models import ListItem
from tests.crm.factories import staff
from tests.issues.factories import Cast

pytestmark = pytest.mark.django_db
TODAY, LOG = reverse("staff:cms:today"), reverse("staff:issues:issue_log")
SIGN_ALL = reverse("staff:issues:issue_sign_all")


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


@pytest.fixture
def cast():
    return Cast()


def rows_of(client, user, **data):
    client.force_login(user)
    page = client.get(TODAY, data)
    return [row for group in page.context["groups"] for row in group.shown]


def test_what_is_typed_on_the_desk_stands_in_the_log_form(client, cast):
    name = cast.enterprise.name
    client.force_login(cast.agent)
    assert f'action="{LOG}"' in client.get(TODAY).content.decode()
    page = client.get(LOG, {"q": name})
    assert page.context["query"] == name
    assert name in page.content.decode()
    assert page.context["form"].initial.get("verbatim") is None


def test_words_that_name_no_subject_are_what_was_said(client, cast):
    client.force_login(cast.agent)
    page = client.get(LOG, {"q": "围墙外积水三天了"})
    assert page.context["form"].initial["verbatim"] == "围墙外积水三天了"
    assert page.context["query"] == ""


def test_only_who_logs_by_typing_is_offered_the_line(client, cast):
    for person, offered in ((cast.agent, True), (cast.handler, False), (cast.leader, False)):
        client.force_login(person)
        assert ("has-capture" in client.get(TODAY).content.decode()) is offered


def test_a_handler_signs_for_one_issue_from_its_row_and_comes_back(client, cast):
    issue = cast.log(department=cast.power)
    row = next(row for row in rows_of(client, cast.handler) if row.awaits)
    assert (row.posts, row.does) == (True, "sign")
    answer = client.post(row.button_url, {"next": TODAY})
    assert answer.url == TODAY
    assert Issue.objects.get(pk=issue.pk).status == IssueStatus.SIGNED
    assert [row.does for row in rows_of(client, cast.handler)] == ["answer"]


def test_a_handler_signs_for_all_that_waits_and_for_nothing_of_others(client, cast):
    mine = [cast.log(department=cast.power, verbatim=f"第{n}件") for n in range(2)]
    other = cast.log(department=cast.park)
    client.force_login(cast.handler)
    assert SIGN_ALL in client.get(TODAY).content.decode()
    client.post(SIGN_ALL, {"next": TODAY})
    signed = IssueAssignment.objects.exclude(signed_at=None)
    assert set(signed.values_list("round__issue", flat=True)) == {one.pk for one in mine}
    assert Issue.objects.get(pk=other.pk).status == IssueStatus.ASSIGNED
    assert SIGN_ALL not in client.get(TODAY).content.decode()


def test_nobody_but_a_handler_signs_for_all(client, cast):
    cast.log(department=cast.power)
    for person in (cast.agent, cast.leader, cast.stranger):
        client.force_login(person)
        assert client.post(SIGN_ALL).status_code == 403
    assert not IssueAssignment.objects.exclude(signed_at=None).exists()


def test_an_agent_urges_what_a_department_should_have_answered(client, cast):
    issue = cast.log(department=cast.power)
    Issue.objects.update(due_on=date(2024, 9, 11))
    row = next(row for row in rows_of(client, cast.agent) if row.does == "remind")
    assert client.post(row.button_url, {"next": TODAY}).url == TODAY
    assert Comment.objects.filter(target_id=str(issue.pk)).exists()
    assert not [row for row in rows_of(client, cast.stranger) if row.does == "remind"]


def test_what_is_due_beyond_three_working_days_needs_no_urging_yet(client, cast):
    cast.log(department=cast.power)
    Issue.objects.update(due_on=date(2024, 9, 19))
    assert not rows_of(client, cast.agent)


def planted(rows):
    today._groups.clear()
    register_rows(TodayGroup("planted", "清单", 1, lambda actor, day: rows))


def test_rows_are_arranged_by_project_until_somebody_asks_otherwise(client, kept_registries):
    def due(day, title, about):
        return TodayRow(title, "", "/work/", date(2024, 9, day), "todo", "", "", about=about)

    rows = [due(20, "丙", "乙厂"), due(11, "甲", "甲厂"), due(12, "乙", "乙厂")]
    planted(rows)
    client.force_login(staff(Role.AGENT))
    for data in ({"by": "project"}, {}):
        groups = client.get(TODAY, data).context["groups"]
        assert [(g.title, g.lamp, len(g.rows)) for g in groups] == [
            ("甲厂", "over", 1),
            ("乙厂", "risk", 2),
        ]
    alone = client.get(TODAY, {"group": "乙厂"}).context["groups"]
    assert [row.title for row in alone[0].shown] == ["乙", "丙"]
    late = client.get(TODAY, {"group": "late"}).context["groups"]
    assert [row.title for row in late[0].shown] == ["甲"]
    assert client.get(TODAY, {"by": "date"}).context["groups"][0].key == "late"
    assert client.get(TODAY, {"by": "nonsense"}).context["by"] == "date"


def test_the_link_to_all_shows_every_row_of_every_group(client, kept_registries):
    rows = [TodayRow(f"{n}", "", "/", date(2024, 9, 2), "over", "", "") for n in range(11)]
    planted(rows)
    user = staff(Role.AGENT)
    client.force_login(user)
    page = client.get(TODAY)
    assert page.context["more"] == 3
    assert "?group=all" in page.content.decode()
    assert len(rows_of(client, user, group="all")) == 11


def test_a_handlers_desk_holds_nothing_of_other_departments(client, cast):
    at = datetime(2024, 9, 1, 9, tzinfo=SHANGHAI)
    for unit in (cast.power, cast.park):
        ListItem.objects.create(
            project=cast.project,
            department=unit,
            what=unit.name,
            due_on=date(2024, 9, 13),
            created_at=at,
            updated_at=at,
        )
    assert [row.title for row in rows_of(client, cast.handler)] == [cast.power.name]
    found = rows_of(client, cast.agent)
    assert {row.title for row in found} == {cast.power.name, cast.park.name}
    assert {client.get(row.button_url).status_code for row in found} == {200}


def test_the_diary_holds_the_meetings_and_the_end_of_a_round(client, cast):
    at = datetime(2024, 9, 10, 9, tzinfo=SHANGHAI)
    for day, title in ((12, "今天的会"), (13, "明天的会"), (30, "月底的会")):
        planned = datetime(2024, 9, day, 15, tzinfo=SHANGHAI)
        Meeting.objects.create(planned_at=planned, title=title, created_at=at, updated_at=at)
    Sweep.objects.create(
        number=5,
        title="第 5 轮大排查",
        starts_on=date(2024, 8, 26),
        ends_on=date(2024, 9, 14),
        status=SweepStatus.OPEN,
        opened_at=at,
        created_at=at,
        updated_at=at,
    )
    client.force_login(cast.leader)
    lines = client.get(TODAY).context["diary"]
    assert [(line.when, line.entry.title) for line in lines] == [
        ("今天 15:00", "今天的会"),
        ("周五 15:00", "明天的会"),
        ("周六", "第 5 轮大排查截止"),
    ]
    for line in lines:
        assert client.get(line.entry.url).status_code == 200
    client.force_login(cast.handler)
    assert client.get(TODAY).context["diary"] == []

"""Today, the search over everything, the enterprise's home: each sees its own things only."""

from datetime import date, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from cms.selectors.today import by_urgency, days_ahead, due_rows
from crm.common.days.calendar import load_calendar
from crm.common.days.clock import SHANGHAI
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.slots import today
from crm.common.slots.today import TodayGroup, TodayRow, counts_for, register_rows
from issues.models import Issue, Meeting
from tests.common.factories import message_to
from tests.crm.factories import AreaFactory, EnterpriseFactory, acting, member_of, staff
from tests.issues.factories import Cast

pytestmark = pytest.mark.django_db
TODAY = "staff:cms:today"
SEARCH = "staff:cms:search"
HOME = "portal:cms:home"


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


@pytest.fixture
def cast():
    return Cast()


def seen(client, user, name, **data):
    client.force_login(user)
    answer = client.get(reverse(name), data)
    assert answer.status_code == 200
    return answer.content.decode()


def tell(user, subject):
    return message_to(user, subject, datetime(2024, 9, 12, 1, tzinfo=SHANGHAI))


def test_an_assigned_issue_is_on_the_desk_of_its_handler_and_of_nobody_elses(client, cast):
    issue = cast.log(department=cast.power)
    assert issue.title in seen(client, cast.handler, TODAY)
    assert issue.title not in seen(client, cast.strange_handler, TODAY)
    assert issue.title not in seen(client, cast.stranger, TODAY)


def due(day, title):
    return TodayRow(title, "", "/work/", day, "todo", "", "")


@pytest.fixture
def desk(kept_registries):
    """A group of due things that only the actor's own screen asks for."""
    asked = []
    rows = [
        due(date(2024, 9, 20), "下周的事"),
        due(date(2024, 9, 11), "昨天的事"),
        due(None, "没有期限的事"),
        # 14 September is worked, 15 to 17 are off: the third working day is the 18th.
        due(date(2024, 9, 18), "节后的事"),
        due(date(2024, 9, 12), "今天的事"),
        due(date(2024, 9, 2), "上周的事"),
    ]

    def provide(actor, day):
        asked.append((actor.user_id, day))
        return rows

    today._groups.clear()
    register_rows(TodayGroup("planted", "清单", 1, provide))
    return asked


def test_due_things_stand_late_first_then_today_then_soon(client, desk):
    leader = staff(Role.LEADER)
    day = date(2024, 9, 12)
    groups = by_urgency(due_rows(acting(leader), day), day, load_calendar())
    assert [(group.key, [row.title for row in group.rows]) for group in groups] == [
        ("late", ["上周的事", "昨天的事"]),
        ("today", ["今天的事"]),
        ("near", ["节后的事"]),
        ("later", ["下周的事", "没有期限的事"]),
    ]
    page = seen(client, leader, TODAY)
    assert page.index("上周的事") < page.index("昨天的事") < page.index("今天的事")
    assert desk[-1] == (leader.pk, date(2024, 9, 12))


def test_the_counts_of_a_desk_are_its_groups_and_lead_to_all_of_their_rows(client, desk):
    desk_of = staff(Role.AGENT)
    client.force_login(desk_of)
    page = client.get(reverse(TODAY))
    counts = {count.url.rpartition("=")[2]: count.value for count in page.context["counts"][:3]}
    assert counts == {"late": 2, "today": 1, "near": 1}
    for key, number in counts.items():
        alone = client.get(reverse(TODAY), {"group": key})
        assert [len(group.shown) for group in alone.context["groups"]] == [number]


def test_a_long_group_shows_its_beginning_and_leads_to_the_rest(client, kept_registries):
    rows = [due(date(2024, 9, 2), f"第{number}件") for number in range(11)]
    today._groups.clear()
    register_rows(TodayGroup("planted", "清单", 1, lambda actor, day: rows))
    client.force_login(staff(Role.AGENT))
    page = client.get(reverse(TODAY))
    assert (len(page.context["groups"][0].shown), page.context["groups"][0].more) == (8, 3)
    assert "还有 3 件" in page.content.decode()
    whole = client.get(reverse(TODAY), {"group": "late"}).context["groups"][0]
    assert (len(whole.shown), whole.more) == (11, 0)


def test_the_days_ahead_that_are_not_as_the_week_would_have_it_are_told():
    with translation.override("zh-hans"):
        told = days_ahead(load_calendar(), date(2024, 9, 12))
        assert days_ahead(load_calendar(), date(2024, 7, 1)) == []
    assert told == ["9月14日（周六）调休上班", "9月15日—9月17日放假，时限不计"]


def test_a_free_desk_says_what_will_appear(client):
    page = seen(client, staff(Role.POLICY_EDITOR), TODAY)
    assert 'id="g-' not in page
    assert 'class="empty ' in page


def test_today_is_for_the_city_not_for_enterprises(client):
    client.force_login(member_of(EnterpriseFactory()))
    assert client.get(reverse(TODAY)).status_code == 403
    assert client.get(reverse(SEARCH)).status_code == 403


def test_the_search_finds_what_the_person_may_see_and_nothing_else(client, cast):
    issue = cast.log(department=cast.power)
    address = reverse("staff:issues:issue_detail", args=[issue.pk])
    for words in (issue.number, issue.title[:4]):
        for person in (cast.agent, cast.handler, cast.leader):
            assert address in seen(client, person, SEARCH, q=words), (words, person)
        for person in (cast.stranger, cast.strange_handler):
            assert address not in seen(client, person, SEARCH, q=words), (words, person)


def test_nothing_found_repeats_the_words_and_no_words_find_nothing(client):
    user = staff(Role.LEADER)
    assert "量子对撞机" in seen(client, user, SEARCH, q="量子对撞机")
    assert "list-group-item" not in seen(client, user, SEARCH, q="   ")


def test_words_are_never_taken_for_markup(client):
    page = seen(client, staff(Role.LEADER), SEARCH, q="<script>alert(1)</script>")
    assert "<script>alert" not in page


def test_the_enterprises_home_shows_its_messages_and_nobody_elses(client):
    enterprise = EnterpriseFactory()
    member, stranger = member_of(enterprise), member_of(EnterpriseFactory(area=AreaFactory()))
    tell(member, "贷款贴息可以申报了")
    page = seen(client, member, HOME)
    assert "贷款贴息可以申报了" in page
    assert enterprise.name in page
    page = seen(client, stranger, HOME)
    assert "贷款贴息可以申报了" not in page
    assert enterprise.name not in page


def test_the_enterprises_home_is_not_for_staff(client):
    client.force_login(staff(Role.LEADER))
    assert client.get(reverse(HOME)).status_code == 403


def test_a_visitor_is_greeted_and_shown_where_to_sign_in(client):
    page = client.get("/")
    assert page.status_code == 200
    text = page.content.decode()
    for name in (TODAY, HOME):
        assert f"{reverse('account_login')}?next={reverse(name)}" in text


def test_whoever_is_signed_in_goes_on_from_the_front_page_to_the_own_work(client):
    for user, name in ((staff(Role.LEADER), TODAY), (member_of(EnterpriseFactory()), HOME)):
        client.force_login(user)
        assert client.get("/", follow=True).redirect_chain[-1][0] == reverse(name)


def test_every_count_of_today_leads_to_exactly_its_rows(client, cast):
    """The strip says how many; the list it opens shows as many."""
    for number in range(3):
        cast.log(department=cast.power, verbatim=f"第{number}件")
    Issue.objects.filter(pk__in=Issue.objects.order_by("pk").values("pk")[:1]).update(
        **_all_due(9, 2)
    )
    Issue.objects.filter(pk__in=Issue.objects.order_by("-pk").values("pk")[:1]).update(
        **_all_due(9, 12)
    )
    leader = cast.acts("leader")
    client.force_login(User.objects.get(pk=leader.user_id))
    counts = [count for count in counts_for(leader, date(2024, 9, 12)) if "due=" in count.url]
    assert [count.value for count in counts] == [1, 1]
    for count in counts:
        page = client.get(count.url)
        assert page.context["listing"].total == count.value


def test_a_count_of_zero_is_never_red(cast):
    counts = counts_for(cast.acts("leader"), date(2024, 9, 12))
    assert counts
    assert [count.lamp for count in counts if not count.value] == [""] * len(counts)


def _all_due(month, day):
    due = date(2024, month, day)
    return {"due_on": due}


def test_an_administrator_begins_where_the_system_is_looked_after(client):
    client.force_login(staff(Role.ADMIN))
    page = client.get(reverse("home"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("staff:common:condition")


def test_a_leader_begins_with_last_months_figures_and_what_is_overdue(client, cast):
    issue = cast.log(department=cast.power)
    Issue.objects.filter(pk=issue.pk).update(**_all_due(9, 2))
    client.force_login(cast.leader)
    page = client.get(reverse(TODAY))
    text = page.content.decode()
    assert reverse("staff:cms:figure_detail", args=["2024-08", "projects"]) in text
    assert reverse("staff:issues:issue_detail", args=[issue.pk]) in text
    for count in page.context["counts"]:
        assert client.get(count.url).status_code == 200


def test_an_agent_of_another_area_and_a_handler_have_no_list_of_the_citys_arrears(client, cast):
    issue = cast.log(department=cast.power)
    Issue.objects.filter(pk=issue.pk).update(**_all_due(9, 2))
    for person in (cast.stranger, cast.strange_handler):
        text = seen(client, person, TODAY)
        assert issue.title not in text
        assert "figure" not in "".join(
            count.url for count in counts_for(acting(person), date(2024, 9, 12))
        )


def test_the_meetings_of_a_week_stand_on_the_desk(client, cast):
    leader = cast.acts("leader")
    at = datetime(2024, 9, 10, 9, tzinfo=SHANGHAI)
    for day, title in ((13, "明天的会"), (30, "月底的会")):
        planned = datetime(2024, 9, day, 9, tzinfo=SHANGHAI)
        Meeting.objects.create(planned_at=planned, title=title, created_at=at, updated_at=at)
    text = seen(client, User.objects.get(pk=leader.user_id), TODAY)
    assert "明天的会" in text
    assert "月底的会" not in text

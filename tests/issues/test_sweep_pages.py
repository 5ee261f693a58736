"""A round through its pages: planned by scope, opened, visited, closed; every cell leads on."""

import pytest
from django.urls import reverse

from issues.models import Issue, Sweep, SweepTarget
from tests.crm.factories import AreaFactory
from tests.issues.factories import ProjectFactory

pytestmark = pytest.mark.django_db
PLAN = "staff:issues:sweep_plan"
VISIT = {
    "visited_at": "2024-09-12T09:00",
    "met": "张工",
    "note": "问了用电、用工、物流",
    "result": "nothing",
}


def plan(client, user, **fields):
    client.force_login(user)
    days = {"starts_on": "2024-09-12", "ends_on": "2024-09-20"}
    return client.post(reverse(PLAN), {"title": "第 6 轮大排查", **days, **fields})


@pytest.fixture
def sweep(client, cast):
    assert plan(client, cast.lead, keep="1").status_code == 302
    made = Sweep.objects.get()
    client.post(reverse("staff:issues:sweep_move", args=[made.pk, "open"]))
    return made


def to(name, row):
    return reverse(f"staff:issues:{name}", args=[row.pk])


def visit(client, user, target, **fields):
    client.force_login(user)
    return client.post(to("sweep_visit", target), {**VISIT, **fields})


def finding(cast, words):
    return {
        "finding-category": cast.category.pk,
        "finding-severity": "normal",
        "finding-verbatim": words,
    }


def test_the_scope_is_shown_before_it_is_kept_with_who_goes_where(client, cast):
    ProjectFactory(enterprise=cast.enterprise, stage="signed")
    shown = plan(client, cast.lead)
    assert cast.agent.display_name in shown.content.decode()
    assert not Sweep.objects.exists()
    plan(client, cast.lead, keep="1", stages=["signed"])
    target = SweepTarget.objects.get()
    assert (target.project.stage, target.owner) == ("signed", cast.agent)
    assert Sweep.objects.get().status == "planned"


def test_only_the_areas_picked_are_visited_and_nobody_elses_projects(client, cast):
    far = ProjectFactory(enterprise__area=AreaFactory())
    plan(client, cast.leader, keep="1", areas=[far.area.pk])
    assert SweepTarget.objects.get().project == far
    elsewhere = plan(client, cast.lead, areas=[far.area.pk])
    assert far.name not in elsewhere.content.decode()
    assert plan(client, cast.lead, keep="1", areas=[far.area.pk]).status_code == 400
    assert Sweep.objects.count() == 1


def test_a_round_that_ends_before_it_starts_is_refused_at_the_field(client, cast):
    answer = plan(client, cast.lead, keep="1", ends_on="2024-09-01")
    assert answer.status_code == 422
    assert "id_ends_on_error" in answer.content.decode()
    assert not Sweep.objects.exists()


def test_agents_plan_no_round(client, cast):
    assert plan(client, cast.agent, keep="1").status_code == 403
    page = client.get(reverse("staff:issues:sweep_list")).content.decode()
    assert reverse(PLAN) not in page
    assert not Sweep.objects.exists()


@pytest.mark.parametrize("left_out", ["met", "note", "result"])
def test_nothing_found_says_who_was_met_and_what_was_asked(client, cast, sweep, left_out):
    target = sweep.targets.get()
    answer = visit(client, cast.agent, target, **{left_out: ""})
    assert answer.status_code == 422
    assert f"id_{left_out}" in answer.content.decode()
    target.refresh_from_db()
    assert target.visit is None


def test_a_visit_with_nothing_found_is_on_record_and_the_round_closes(client, cast, sweep):
    target = sweep.targets.get()
    assert to("sweep_target", target) in client.get(to("sweep_detail", sweep)).content.decode()
    assert visit(client, cast.agent, target).url == to("sweep_detail", sweep)
    target.refresh_from_db()
    assert (target.nothing_found, target.visit.met) == (True, "张工")
    client.force_login(cast.lead)
    close = reverse("staff:issues:sweep_move", args=[sweep.pk, "close"])
    assert client.post(close, {"summary": ""}).status_code == 422
    assert client.post(close, {"summary": "全覆盖"}).status_code == 302
    sweep.refresh_from_db()
    assert (sweep.status, sweep.summary) == ("closed", "全覆盖")
    late = client.post(to("sweep_finding", target), finding(cast, "漏水"))
    assert late.status_code == 400
    assert not Issue.objects.exists()


def test_a_finding_becomes_an_issue_and_more_can_follow(client, cast, sweep):
    target = sweep.targets.get()
    first = visit(client, cast.agent, target, result="found", **finding(cast, "路灯不亮"))
    assert first.url == to("sweep_target", target)
    client.post(to("sweep_finding", target), finding(cast, "排水口堵了"))
    issues = Issue.objects.order_by("pk")
    assert [one.verbatim for one in issues] == ["路灯不亮", "排水口堵了"]
    assert {one.source for one in issues} == {"sweep"}
    text = client.get(to("sweep_target", target)).content.decode()
    assert all(one.number in text for one in issues)
    assert "2 个问题" in client.get(to("sweep_detail", sweep)).content.decode()


def test_a_finding_without_words_keeps_the_visit_off_the_record(client, cast, sweep):
    target = sweep.targets.get()
    answer = visit(client, cast.agent, target, result="found", **finding(cast, ""))
    assert answer.status_code == 422
    assert "问了用电" in answer.content.decode()
    target.refresh_from_db()
    assert target.visit is None


def test_strangers_find_no_target(client, cast, sweep):
    target = sweep.targets.get()
    client.force_login(cast.stranger)
    assert client.get(to("sweep_target", target)).status_code == 404
    assert visit(client, cast.stranger, target).status_code == 404
    assert client.post(to("sweep_finding", target), finding(cast, "x")).status_code == 404
    client.force_login(cast.handler)
    assert client.get(to("sweep_target", target)).status_code == 403


def test_small_areas_are_folded_and_a_cut_list_leads_to_the_rest(client, cast):
    for _number in range(25):
        ProjectFactory(enterprise__area=AreaFactory())
    plan(client, cast.leader, keep="1")
    sweep = Sweep.objects.get()
    text = client.get(to("sweep_detail", sweep)).content.decode()
    assert "其他 16 个区域" in text
    assert 'href="?left=all#left"' in text
    assert text.count('class="as-cell ') == 26
    every = client.get(to("sweep_detail", sweep), {"left": "all"}).content.decode()
    assert every.count('<tr id="t') == 26
    assert text.count('<tr id="t') == 8


def test_the_rounds_are_searched_and_exported(client, cast, sweep):
    client.force_login(cast.lead)
    address = reverse("staff:issues:sweep_list")
    assert sweep.title in client.get(address, {"q": "第 6"}).content.decode()
    assert sweep.title not in client.get(address, {"status": "closed"}).content.decode()
    assert client.get(address, {"format": "xlsx"})["Content-Type"].endswith("sheet")

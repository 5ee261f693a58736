"""Labels and warnings: whom they name, why, since when, and what came of them."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.models import Department
from crm.services import load_reference
from issues.models import Issue, IssueCategory
from issues.services import load_issue_reference
from profiles import features
from profiles.models import Indicator, Label, LabelAssignment, LabelEnding, LabelVersion
from profiles.rules import parse, sentence
from profiles.services import (
    Value,
    assign_labels,
    check_warning,
    load_indicators,
    load_labels,
    open_issue,
    record_values,
    revise_label,
)
from profiles.services.tables.periods import Span
from tests.crm.factories import AT, AreaFactory, EnterpriseFactory, acting, staff

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")
DAY = AT.date()


@pytest.fixture(autouse=True)
def _catalogue():
    load_reference()
    load_indicators()
    load_labels(DAY)
    load_issue_reference()


@pytest.fixture
def area():
    return AreaFactory()


@pytest.fixture
def agent(area):
    return acting(staff(Role.AGENT, areas=[area]))


@pytest.fixture
def firm(area):
    return EnterpriseFactory(area=area)


def power(enterprise, *months, at=AT, until=8):
    """Report the use of power of some months up to one."""
    indicator = Indicator.objects.get(code="electricity_kwh")
    rows = []
    for number, value in enumerate(reversed(months)):
        start, end = Span(2024, until - number).period("month")
        rows.append(Value(enterprise.pk, indicator.pk, start, end, value * 10_000))
    record_values(
        actor=SYSTEM,
        department=Department.objects.get(code="gdgs"),
        name="power.xlsx",
        sha256=f"{enterprise.pk}{until}{len(months)}{months[-1]}".rjust(64, "0"),
        values=rows,
        at=at - timedelta(hours=1),
    )


def judged(day=DAY, at=AT):
    return assign_labels(actor=SYSTEM, as_of=day, at=at)


def held(enterprise):
    rows = LabelAssignment.objects.filter(enterprise=enterprise).standing()
    return sorted(rows.values_list("label__code", flat=True))


def test_every_starter_label_is_a_rule_that_reads_as_a_sentence():
    language = features.language(DAY)
    assert LabelVersion.objects.count() == 6
    for version in LabelVersion.objects.all():
        rule = parse(version.rule, catalogue=language)
        assert version.sentence == sentence(rule, language)
        assert sentence(rule, language, "en")
    assert load_labels(DAY) == 6
    assert LabelVersion.objects.count() == 6


def test_power_that_falls_twice_is_a_warning_with_source_and_no_figure(firm):
    power(firm, 1000, 970, 940)
    steady = EnterpriseFactory(area=firm.area)
    power(steady, 1000, 970, 960)
    run = judged()
    assert held(firm) == ["power-down"]
    assert held(steady) == []
    row = LabelAssignment.objects.get(enterprise=firm)
    assert (row.since, row.version.label.code) == (DAY, "power-down")
    told = "；".join(row.why)
    assert "供电" in told
    assert "2024-08" in told
    assert "940" not in told
    counts = run.counts[str(row.label_id)]
    assert (counts["standing"], counts["begun"], counts["ended"]) == (1, 1, 0)


def test_what_is_not_known_neither_puts_on_nor_takes_off(firm):
    power(firm, 1000, 970, 940)
    judged()
    later = DAY + timedelta(days=31)
    run = judged(later, AT + timedelta(days=31))
    assert held(firm) == ["power-down"]
    label = Label.objects.get(code="power-down")
    assert run.counts[str(label.pk)]["unknown"] >= 1
    assert run.counts[str(label.pk)]["standing"] == 1


def test_the_same_day_again_changes_nothing(firm):
    power(firm, 1000, 970, 940)
    judged()
    judged()
    assert LabelAssignment.objects.count() == 1


def test_an_end_is_a_row_with_its_own_reason(firm):
    power(firm, 1000, 970, 940)
    judged()
    later = AT + timedelta(days=31)
    power(firm, 990, at=later, until=9)
    judged(later.date(), later)
    assert held(firm) == []
    ending = LabelEnding.objects.get()
    assert (ending.on, ending.assignment.since) == (later.date(), DAY)
    assert "2024-09" in "；".join(ending.why)
    assert LabelAssignment.objects.count() == 1


def test_a_warning_becomes_one_issue_and_remembers_it(firm, agent):
    power(firm, 1000, 970, 940)
    judged()
    row = LabelAssignment.objects.get()
    issue = open_issue(actor=agent, assignment=row, at=AT)
    assert issue.enterprise == firm
    assert row.why[0] in issue.verbatim
    assert [(c.outcome, c.issue_id) for c in row.checks.all()] == [("issue", issue.pk)]
    with pytest.raises(ConflictError, match=issue.number):
        open_issue(actor=agent, assignment=row, at=AT)
    assert Issue.objects.count() == 1


def test_what_was_found_is_written_down_by_whoever_works_with_it(firm, agent):
    power(firm, 1000, 970, 940)
    judged()
    row = LabelAssignment.objects.get()
    with pytest.raises(UserFacingError, match="核实到的情况"):
        check_warning(actor=agent, assignment=row, outcome="harmless", note=" ", at=AT)
    check_warning(actor=agent, assignment=row, outcome="harmless", note="检修", at=AT)
    assert row.checks.get().note == "检修"
    stranger = acting(staff(Role.AGENT))
    with pytest.raises(NotAllowedError):
        check_warning(actor=stranger, assignment=row, outcome="confirmed", note="", at=AT)
    with pytest.raises(NotAllowedError):
        open_issue(actor=stranger, assignment=row, at=AT)
    assert not LabelAssignment.objects.visible_to(stranger).exists()


def test_a_policy_editor_changes_a_rule_from_tomorrow_on():
    editor, label = acting(staff(Role.POLICY_EDITOR)), Label.objects.get(code="power-down")
    rule = {"version": 2, "when": {"cmp": ["ge", {"of": "electricity_kwh"}, "5 千瓦时"]}}
    change = {"label": label, "name": "用电", "rule": rule, "in_use": True, "at": AT}
    tomorrow = DAY + timedelta(days=1)
    with pytest.raises(UserFacingError, match="明天"):
        revise_label(actor=editor, effective_from=DAY, **change)
    with pytest.raises(UserFacingError, match="profit"):
        wrong = {"version": 2, "when": {"is": ["profit", True]}}
        revise_label(actor=editor, effective_from=tomorrow, **{**change, "rule": wrong})
    with pytest.raises(NotAllowedError):
        revise_label(actor=acting(staff(Role.AGENT)), effective_from=tomorrow, **change)
    made = revise_label(actor=editor, effective_from=tomorrow, **change)
    assert "用电量不低于5 千瓦时" in made.sentence
    assert LabelVersion.objects.in_force(DAY).get(label=label).name != "用电"
    load_labels(date(2024, 12, 1))
    assert LabelVersion.objects.in_force(date(2024, 12, 2)).get(label=label).name == "用电"


def test_the_screens_show_it_to_whoever_works_with_the_enterprise(firm, agent, client, area):
    power(firm, 1000, 970, 940)
    judged()
    url = reverse("staff:profiles:label_detail", args=["power-down"])
    client.force_login(staff(Role.AGENT, areas=[area]))
    assert firm.name in client.get(url).content.decode()
    assert firm.name not in client.get(f"{url}?side=ended").content.decode()
    page = client.get(reverse("staff:crm:enterprise_detail", args=[firm.pk])).content.decode()
    assert "用电连降 2 个月" in page
    label = Label.objects.get(code="power-down")
    other = EnterpriseFactory(area=area)
    listed = client.get(reverse("staff:crm:enterprise_list"), {"label": label.pk}).content.decode()
    assert firm.name in listed
    assert other.name not in listed
    row = LabelAssignment.objects.get()
    check = reverse("staff:profiles:warning_check", args=[row.pk])
    assert client.post(check, {"outcome": "harmless"}).status_code == 200
    assert client.post(check, {"outcome": "harmless", "note": "检修"}).status_code == 302
    opened = client.post(reverse("staff:profiles:warning_issue", args=[row.pk]))
    assert opened.status_code == 302
    client.force_login(staff(Role.AGENT))
    assert firm.name not in client.get(url).content.decode()
    assert client.get(check).status_code == 404


def test_the_form_tells_each_mistake_and_saves_what_is_right(client):
    client.force_login(staff(Role.POLICY_EDITOR))
    url = reverse("staff:profiles:label_edit", args=["growth"])
    data = {"name": "高成长", "effective_from": "2030-01-01", "in_use": "on"}
    bad = client.post(url, {**data, "rule": '{"version": 2, "when": {"is": ["profit", true]}}'})
    assert bad.status_code == 400
    assert "profit" in bad.content.decode()
    good = {"version": 2, "when": {"is": ["above_scale_flag", True]}}

    assert client.post(url, {**data, "rule": json.dumps(good)}).status_code == 302
    assert LabelVersion.objects.filter(label__code="growth").count() == 2


def test_a_warning_for_which_the_city_has_no_kind_of_issue_says_so_and_opens_none(firm, agent):
    power(firm, 1000, 970, 940)
    judged()
    row = LabelAssignment.objects.get()
    IssueCategory.objects.update(active=False)
    with pytest.raises(UserFacingError, match="问题类别"):
        open_issue(actor=agent, assignment=row, at=AT)
    assert not Issue.objects.exists()
    assert not row.checks.exists()

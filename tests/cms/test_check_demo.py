"""The checker of the demo city: a sound record passes, a planted fault is named."""

import calendar
import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from cms.demo import checking
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.quantity import SCALE
from crm.models import Enterprise
from crm.services import load_reference
from profiles.models import IndicatorVersion, Observation
from profiles.services import Value, load_indicators, record_values
from projects.enums import Stage
from projects.models import InvestmentProgress, ListItem, Project
from projects.services import Delivered, ItemInput, add_list_items, finish_items
from tests.crm.factories import (
    AT,
    DepartmentFactory,
    EnterpriseFactory,
    IndustryFactory,
    acting,
    staff,
)
from tests.issues.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    load_reference()
    firm = EnterpriseFactory(name="天门市云梭服饰有限公司")
    return ProjectFactory(
        name="云梭女式风衣项目",
        enterprise=firm,
        investor=firm.name,
        industry=firm.industry,
        land_mu=42,
        signed_on=date(2022, 3, 1),
        started_on=date(2022, 9, 1),
        completed_on=date(2023, 9, 1),
    )


def found(check):
    return " ".join(check())


def test_a_project_of_its_investor_is_believed_and_one_of_another_trade_is_not(project):
    assert not found(checking.project_of_investor)
    other = IndustryFactory(code="3441", name="泵及真空设备制造")
    Project.objects.update(industry=other)
    assert "another industry than 天门市云梭服饰有限公司" in found(checking.project_of_investor)
    Project.objects.update(name="沧浪女式风衣项目")
    assert "not the brand" in found(checking.project_of_investor)


def test_a_building_of_a_year_is_believed_and_one_of_twenty_days_is_not(project):
    assert not found(checking.own_dates)
    Project.objects.update(completed_on=project.started_on + timedelta(days=20))
    assert "a building of 20 days" in found(checking.own_dates)
    Project.objects.update(completed_on=project.started_on - timedelta(days=20))
    assert "out of order" in found(checking.own_dates)


def tell_staff(firm_id, month, people):
    staff = IndicatorVersion.objects.get(indicator__code="staff_avg")
    value = Value(
        enterprise_id=firm_id,
        indicator_id=staff.indicator_id,
        period_start=date(2024, month, 1),
        period_end=date(2024, month, calendar.monthrange(2024, month)[1]),
        number_e4=people * SCALE,
    )
    record_values(
        actor=system_actor("test"),
        department=staff.department,
        name=f"统计局-{month}月.xlsx",
        sha256=f"{month:064}",
        values=[value],
        at=AT,
    )


def test_half_a_person_is_found(project):
    load_indicators()
    tell_staff(project.enterprise_id, 7, 132)
    assert not found(checking.whole_people)
    Observation.objects.update(number_e4=132 * SCALE + SCALE // 2)
    assert "staff_avg is 132.5" in found(checking.whole_people)


def test_people_who_vanish_for_a_month_are_found(project):
    load_indicators()
    for month, people in ((3, 20), (5, 136), (6, 140), (7, 143)):
        tell_staff(project.enterprise_id, month, people)
    assert not found(checking.headcount)
    Observation.objects.filter(period_start=date(2024, 7, 1)).update(number_e4=32 * SCALE)
    assert "140 people, and 32 in 2024-07" in found(checking.headcount)


def test_more_paid_in_than_agreed_and_a_payment_before_the_start_are_found(project):
    month = date(2022, 9, 1)
    InvestmentProgress.objects.create(
        project=project, month=month, amount_fen=900, evidence="银行回单", recorded_at=AT
    )
    Project.objects.update(agreed_investment_fen=1000)
    assert not found(checking.paid_in)
    Project.objects.update(agreed_investment_fen=899)
    assert "more was paid in than was agreed" in found(checking.paid_in)
    Project.objects.update(agreed_investment_fen=1000, started_on=date(2022, 10, 8))
    assert "paid in since 2022-09, before it was begun" in found(checking.paid_in)


def test_a_list_too_short_and_a_row_done_before_what_it_waits_for_are_found(project):
    unit, due = DepartmentFactory(), date(2024, 9, 20)
    rows = [
        ItemInput(what=f"第{n}项", department_id=unit.pk, due_on=due, after=(n - 1,) if n else ())
        for n in range(10)
    ]
    actor = acting(staff(Role.AGENT, areas=[project.area]))
    made = add_list_items(actor=actor, project=project, items=rows, at=AT)
    Project.objects.update(stage=Stage.SIGNED)
    finish_items(actor=actor, delivered=[Delivered(row, "批文", AT) for row in made[:2]])
    assert not found(checking.lists)
    ListItem.objects.filter(pk=made[1].pk).update(done_at=AT - timedelta(days=1))
    assert "第1项: done before what it waits for" in found(checking.lists)
    ListItem.objects.filter(pk=made[9].pk).delete()
    assert "a list of 9 rows" in found(checking.lists)


def test_a_code_of_another_year_is_found(project):
    firm = Enterprise.objects.get()
    firm.established_on = date(2010, 5, 4)
    firm.save(update_fields=["established_on"])
    assert "was not given out in 2010" in found(checking.code_years)


def test_the_command_says_what_is_wrong_and_exits_with_one(project):
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_demo", "--json", stdout=out)
    assert stopped.value.code == 1
    assert "sums" in json.loads(out.getvalue())
    with pytest.raises(SystemExit):
        call_command("check_demo", "--months", stdout=out)
    assert "project and investor: ok" in out.getvalue()

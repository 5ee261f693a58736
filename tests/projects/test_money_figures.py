"""Money, working days and rates of the bulletin: what they sum up, and what they leave out."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import day_start
from crm.common.people.actor import system_actor
from crm.common.slots.figures import get
from projects.enums import Stage
from projects.models import AgreedInvestment, Approval, InvestmentProgress, Project
from projects.services import move_approval, move_stage, record_paid_in, update_project
from tests.crm.factories import AT
from tests.projects.factories import FACTS, Cast
from tests.projects.test_past import City

pytestmark = pytest.mark.django_db
SYSTEM = system_actor("tests")
AUGUST = AT.replace(month=8, day=12)
CUTOFF = day_start(date(2024, 9, 1))


def signed(cast, name, fen, at=AUGUST, parent=None):
    project = cast.register(name=name, at=at)
    values = {**FACTS, "enterprise": cast.enterprise, "agreed_investment_fen": fen}
    update_project(actor=SYSTEM, project=project, values=values, version=1, at=at)
    Project.objects.filter(pk=project.pk).update(parent=parent)
    for stage in (Stage.NEGOTIATING, Stage.SIGNED):
        move_stage(actor=SYSTEM, project=project, move=f"to_{stage}", note="现场查看", at=at)
    return Project.objects.get(pk=project.pk)


def test_contracts_count_once_signed_with_what_they_were_worth_then():
    cast = Cast()
    whole = signed(cast, "整体", 5_000_000_00)
    signed(cast, "部分", 1_000_000_00, parent=whole)
    lead = cast.register(name="线索", at=AUGUST)
    update_project(
        actor=SYSTEM, project=lead, values={"agreed_investment_fen": 9}, version=1, at=AUGUST
    )
    signed(cast, "九月", 2_00, at=CUTOFF)
    figure = get("agreed_amount")
    assert figure.shown(figure.value(CUTOFF)) == Decimal("500.00")
    whole.refresh_from_db()
    update_project(
        actor=SYSTEM,
        project=whole,
        values={"agreed_investment_fen": 8_000_000_00},
        version=whole.version,
        at=CUTOFF + timedelta(days=1),
    )
    assert figure.shown(figure.value(CUTOFF)) == Decimal("500.00")
    assert figure.shown(figure.value(CUTOFF + timedelta(days=2))) == Decimal("800.00")
    assert figure.by_area(CUTOFF) == {whole.area.name: 5_000_000_00}
    assert [row.project for row in figure.rows(CUTOFF)] == [whole]


def test_an_amount_that_did_not_change_makes_no_row():
    cast = Cast()
    project = signed(cast, "一", 500)
    values = {"agreed_investment_fen": 500}
    update_project(actor=SYSTEM, project=project, values=values, version=project.version, at=AT)
    assert AgreedInvestment.objects.count() == 1


def test_paid_in_is_of_the_month_and_names_who_did_not_report():
    city = City()
    figure = get("paid_in_amount")
    assert figure.value(CUTOFF) == 2 * 700
    assert figure.did_not_report(CUTOFF) == 0
    assert get("relieved_amount").value(CUTOFF) == 200
    city.at = CUTOFF
    city.later("pay", 0, 99)
    assert figure.value(CUTOFF) == 2 * 700
    building = signed(city.cast, "在建", 5_00)
    for stage in list(Stage)[list(Stage).index(Stage.SIGNED) + 1 :]:
        if stage == Stage.COMPLETED:
            break
        move_stage(actor=SYSTEM, project=building, move=f"to_{stage}", note="现场查看", at=AUGUST)
    assert figure.did_not_report(CUTOFF) == 1
    record_paid_in(
        actor=SYSTEM,
        project=building,
        month=AUGUST.date(),
        amount_fen=0,
        evidence="未到位",
        at=AUGUST,
    )
    assert figure.did_not_report(CUTOFF) == 0
    assert InvestmentProgress.objects.filter(project=building).count() == 1


def push(case, move, at):
    move_approval(
        actor=SYSTEM,
        approval=Approval.objects.get(pk=case.pk),
        move=move,
        reason="公示",
        result_number="1号",
        at=at,
        calendar=WorkCalendar(),
    )


def test_the_median_of_working_days_is_of_the_cases_granted_in_the_month():
    city = City()
    city.entrust(city.projects[0], 1)
    figure = get("approval_workdays")
    assert figure.value(CUTOFF) is None
    assert {case.workdays_taken for case in Approval.objects.all()} == {None}
    # Monday 12 August: decided on Tuesday, on Friday, and on Monday a week later.
    for case, days in zip(Approval.objects.order_by("pk"), (1, 4, 7), strict=True):
        for move in ("gather", "accept", "review"):
            push(case, move, AUGUST)
        push(case, "decide", AUGUST + timedelta(days=days))
    assert figure.value(CUTOFF) == 4
    assert figure.shown(figure.value(CUTOFF)) == 4
    assert figure.value(CUTOFF + timedelta(days=30)) is None
    assert figure.rows(CUTOFF).count() == 3

"""Months that follow from running totals: by difference, never instead of what was reported."""

import calendar
from datetime import date

import pytest

from crm.common.people.actor import system_actor
from crm.common.quantity import SCALE
from crm.models import Department
from crm.services import load_reference
from profiles.models import Indicator, IndicatorVersion
from profiles.services import Value, load_indicators, record_values
from profiles.services.differences import with_months
from tests.crm.factories import AT, EnterpriseFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def monthly():
    """Return an indicator that is told by month and added up."""
    load_reference()
    load_indicators()
    return Indicator.objects.get(
        pk=IndicatorVersion.objects.filter(period="month", aggregation="sum")[0].indicator_id
    )


def value(firm, indicator, first, last, number):
    end = date(2024, last, calendar.monthrange(2024, last)[1])
    return Value(
        firm.pk,
        indicator.pk,
        date(2024, first, 1),
        end,
        number * SCALE,
        cumulative=first != last,
        row=last + 1,
        column="C",
    )


def stored(*values):
    record_values(
        actor=system_actor("test"),
        department=Department.objects.get(code="swj"),
        name="累计.xlsx",
        sha256=f"{len(values)}" + "0" * 63,
        values=with_months(values),
        at=AT,
    )


def months(values):
    return {
        row.period_end.month: row.number_e4 // SCALE
        for row in values
        if row.period_start.month == row.period_end.month
    }


def test_what_a_total_adds_to_the_one_before_is_the_month_and_carries_its_cell(monthly):
    firm = EnterpriseFactory()
    told = with_months([value(firm, monthly, 1, 7, 70), value(firm, monthly, 1, 8, 95)])
    assert months(told) == {8: 25}
    (august,) = [row for row in told if not row.cumulative]
    assert (august.row, august.column) == (9, "C")


def test_a_total_is_taken_from_what_was_stored_before(monthly):
    firm, other = EnterpriseFactory(), EnterpriseFactory()
    stored(value(firm, monthly, 1, 7, 70))
    told = with_months([value(firm, monthly, 1, 8, 95), value(other, monthly, 1, 8, 95)])
    assert [(row.enterprise_id, row.number_e4) for row in told if not row.cumulative] == [
        (firm.pk, 25 * SCALE)
    ]


def test_a_reported_month_is_never_replaced_and_a_gap_gives_none(monthly):
    firm = EnterpriseFactory()
    given = [
        value(firm, monthly, 1, 7, 70),
        value(firm, monthly, 1, 8, 95),
        value(firm, monthly, 8, 8, 26),
    ]
    assert months(with_months(given)) == {8: 26}
    assert (
        months(with_months([value(firm, monthly, 1, 6, 70), value(firm, monthly, 1, 8, 95)])) == {}
    )


def test_what_is_no_monthly_sum_has_no_months(monthly):
    firm = EnterpriseFactory()
    other = Indicator.objects.exclude(
        pk__in=IndicatorVersion.objects.filter(aggregation="sum").values("indicator")
    ).first()
    given = [value(firm, other, 1, 7, 70), value(firm, other, 1, 8, 95)]
    assert with_months(given) == given

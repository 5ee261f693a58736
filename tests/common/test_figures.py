"""Figures: a measure over rows in a window, with its unit; who did not report is not zero."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from statistics import median

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from crm.common.days.clock import SHANGHAI, day_start
from crm.common.quantity import Kind, Quantity
from crm.common.slots.figures import Count, Figure, Median, Ratio, Sum, middle, month_before
from projects.models import AgreedInvestment
from tests.crm.factories import AT, AreaFactory
from tests.projects.factories import Cast

LIMIT = 500


def figure(measure, kind=Kind.COUNT, **more):
    return Figure("tests.some", "", "", "", lambda _cutoff: all_rows(), measure, kind, **more)


def all_rows():
    return AgreedInvestment.objects.select_related("project__area").order_by("pk")


MEASURES = {
    "count": (Count(), len),
    "distinct": (Count("amount_fen"), lambda said: len(set(said))),
    "sum": (Sum("amount_fen"), lambda said: sum(said) if said else None),
    "ratio": (
        Ratio(Q(amount_fen__lte=LIMIT)),
        lambda said: Fraction(sum(n <= LIMIT for n in said), len(said)) if said else None,
    ),
    "median": (
        Median(lambda row: row.amount_fen),
        lambda said: Fraction(median(map(Fraction, said))) if said else None,
    ),
}


class Measures(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 10**12) | st.integers(1, 999))))
    def test_every_measure_agrees_with_plain_python_in_all_and_by_area(self, said):
        cast = Cast()
        projects = [cast.register(name="甲"), cast.register(name="乙")]
        projects[1].area = AreaFactory()
        projects[1].save()
        AgreedInvestment.objects.bulk_create(
            AgreedInvestment(
                project=projects[one], amount_fen=number, recorded_at=AT, superseded_at=AT
            )
            for one, number in said
        )
        for measure, plain in MEASURES.values():
            figure_ = figure(measure, area="project__area__name")
            assert figure_.value(AT) == plain([number for _one, number in said])
            by_area = {
                project.area.name: plain([n for one, n in said if projects[one] == project])
                for project in projects
                if any(projects[one] == project for one, _n in said)
            }
            assert figure_.by_area(AT) == by_area


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_the_middle_is_exact(values):
    assert middle(values) == Fraction(median(map(Fraction, values)))


@pytest.mark.parametrize(
    ("kind", "value", "shown", "quantity"),
    [
        (Kind.COUNT, 283, Decimal(283), Quantity.of(283, "个")),
        (Kind.PEOPLE, 12, Decimal(12), Quantity.of(12, "人")),
        (Kind.MONEY, 123_456_789, Decimal("123.46"), Quantity.of("1234567.89", "元")),
        (Kind.MONEY, 500_000, Decimal("0.50"), Quantity.of(5000, "元")),
        (Kind.WORKDAYS, Fraction(25, 2), Decimal("12.5"), Quantity.of("12.5", "工作日")),
        (Kind.SHARE, Fraction(1, 8), Decimal("12.5"), Quantity.of("12.5", "%")),
        (Kind.SHARE, Fraction(2, 3), Decimal("66.7"), None),
    ],
)
def test_a_value_is_shown_in_its_unit_rounded_once(kind, value, shown, quantity):
    one = figure(Count(), kind)
    assert one.shown(value) == shown
    if quantity is not None:
        assert one.quantity(value).steps == quantity.steps


@pytest.mark.django_db
def test_nobody_reported_is_unknown_and_not_zero():
    for measure in (Sum("amount_fen"), Ratio(Q(pk=1)), Median(lambda row: row.amount_fen)):
        assert figure(measure).value(AT) is None
        assert figure(measure).shown(None) is None
    assert figure(Count()).value(AT) == 0
    assert figure(Count()).did_not_report(AT) == 0
    assert figure(Count(), missing=lambda _cutoff: all_rows()).did_not_report(AT) == 0


def test_a_month_is_the_one_the_cut_off_ends():
    cutoff = day_start(datetime(2024, 9, 1, tzinfo=SHANGHAI).date())
    assert month_before(cutoff) == (day_start(datetime(2024, 8, 1).date()), cutoff)
    inside = cutoff - timedelta(days=3)
    assert month_before(inside)[0] == day_start(datetime(2024, 8, 1).date())

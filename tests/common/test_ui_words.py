"""How numbers, dates, limits and identity data are written."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from crm.common.face import formatting


@pytest.fixture(autouse=True)
def _fixed_day(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)


def test_money_is_written_in_wan_with_separators_and_rounded_half_up():
    assert formatting.wan(2_847_650_000, 1) == "2,847.7"
    assert formatting.wan(2_847_640_000, 1) == "2,847.6"
    assert formatting.yuan(123450) == "1,234.50"
    assert formatting.yi(126_000_000_000) == "12.60"


def test_a_missing_amount_is_a_dash_and_never_zero():
    assert formatting.wan(None) == formatting.yuan(None) == formatting.grouped(None) == "—"
    assert formatting.grouped(0) == "0"


def test_a_negative_number_has_a_true_minus():
    assert formatting.signed(Decimal("-1.2")) == "−1.2"
    assert formatting.signed(3) == "+3"
    assert formatting.signed(0) == "0"


def test_the_year_is_written_only_when_it_is_not_this_one():
    with translation.override("zh-hans"):
        assert formatting.day(date(2024, 9, 12)) == "9月12日"
        assert formatting.day(date(2023, 9, 12)) == "2023年9月12日"
        assert formatting.month(date(2024, 8, 1)) == "2024年8月"


def test_a_moment_is_shown_in_shanghai_time():
    with translation.override("zh-hans"):
        assert formatting.moment(datetime(2024, 9, 11, 16, 30, tzinfo=UTC)) == "9月12日 00:30"


@pytest.mark.parametrize(
    ("left", "state"),
    [(-2, "over"), (-1, "over"), (0, "risk"), (3, "risk"), (4, "ok"), (None, "miss")],
)
def test_a_limit_turns_amber_three_working_days_before_and_red_after(left, state):
    assert formatting.limit_lamp(left).state == state


def test_identity_data_is_masked_as_the_guide_says():
    assert formatting.masked_code("91429006MA4K8B2W7T") == "91429006MA4K****7T"
    assert formatting.masked_phone("13812345678") == "138****5678"
    assert formatting.masked_account("6222020200118217") == "**** 8217"


@given(st.text(max_size=40))
def test_masking_never_shows_more_than_it_says(value):
    assert len(formatting.masked_phone(value).replace("*", "")) <= 7
    assert len(formatting.masked_account(value).replace("*", "").strip()) <= 4
    assert len(formatting.masked_code(value).replace("*", "")) <= 14


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60))
def test_a_sparkline_stays_in_its_box(values):
    points = [point.split(",") for point in formatting.spark_points(values).split(" ")]
    assert len(points) == len(values)
    assert all(0 <= float(x) <= 72.05 and 0 <= float(y) <= 22 for x, y in points)

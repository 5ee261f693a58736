"""Money, the clock, and the folding of search text."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from crm.common import money
from crm.common.days import clock
from crm.common.records.searching import normalise, search_columns
from crm.settings import env


@given(st.integers(-(10**15), 10**15))
def test_fen_survive_the_way_through_yuan(fen):
    assert money.fen_from_yuan(money.yuan(fen)) == fen


def test_half_a_fen_is_rounded_away_from_zero():
    assert money.fen_from_yuan(Decimal("0.005")) == 1
    assert money.fen_from_yuan(Decimal("-0.005")) == -1
    assert money.fen_from_yuan(Decimal("0.015")) == 2


def test_wan_is_shown_rounded_half_up():
    assert money.wan(28_476_050_000, 2) == Decimal("28476.05")
    assert money.wan(50_000) == Decimal("0.1")


def test_a_negative_number_carries_a_true_minus_sign():
    assert money.grouped(Decimal("-1234.5")) == "−1,234.5"


def test_a_fixed_day_moves_business_dates_only(settings):
    settings.ANSHANG_TODAY = date(2024, 9, 12)
    assert clock.today() == clock.now().date() == date(2024, 9, 12)
    assert clock.machine_now().year >= 2025
    assert clock.is_fixed()


def test_a_month_begins_and_ends_at_midnight_in_shanghai():
    start, end = clock.month_bounds(date(2024, 12, 31))
    assert start == datetime(2024, 12, 1, tzinfo=clock.SHANGHAI)
    assert end == datetime(2025, 1, 1, tzinfo=clock.SHANGHAI)


def test_full_width_case_and_blanks_are_folded():
    assert normalise("  天门Ａｂｃ　１２３ ") == "天门abc 123"


def test_pinyin_of_a_name_with_a_polyphone_is_right():
    columns = search_columns("重庆长安", "91429006MA4TE5T05F")
    assert columns["initials"] == "cqca"
    assert "91429006ma4te5t05f" in columns["search_text"]


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        (lambda: env.flag("X_TEST", default=False), "maybe"),
        (lambda: env.whole("X_TEST", 1), "many"),
        (lambda: env.whole("X_TEST", 5, least=3), "2"),
        (lambda: env.day("X_TEST"), "12.9.2024"),
        (lambda: env.database("X_TEST", default_file=None), "mysql://x/y"),
        (lambda: env.secret("X_TEST", fallback_file=None, required=True), "short"),
    ],
)
def test_a_bad_setting_stops_the_start_and_names_itself(monkeypatch, reader, raw):
    monkeypatch.setenv("X_TEST", raw)
    with pytest.raises(ImproperlyConfigured, match="X_TEST"):
        reader()


def test_a_database_url_is_read_with_its_parts(monkeypatch):
    monkeypatch.setenv("X_TEST", "postgres://as:p%40ss@db.city:5433/anshang?sslmode=require")
    made = env.database("X_TEST", default_file=None)
    assert (made["NAME"], made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == (
        "anshang",
        "as",
        "p@ss",
        "db.city",
        "5433",
    )
    assert made["OPTIONS"] == {"sslmode": "require"}

"""What a cell says: every notation departments use, and nothing guessed."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from profiles.services.tables.cells import (
    SCALE,
    CellProblem,
    fold,
    is_missing,
    read_cell,
    read_date,
    read_number,
    unit_factor,
)

ONE = Fraction(1)
NUMBERS = st.decimals(-(10**9), 10**9, places=4)
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")


@given(NUMBERS)
def test_thousand_separators_and_full_width_digits_change_nothing(number):
    want = int(number * SCALE)
    assert read_number(f"{number:,f}", factor=ONE, whole=False) == want
    assert read_number(f"{number:,f}".translate(WIDE), factor=ONE, whole=False) == want


@given(NUMBERS)
def test_an_amount_in_yuan_is_a_ten_thousandth_in_wan(number):
    factor = unit_factor("元", "万元")
    want = int((number / 10_000 * SCALE).quantize(Decimal(1), rounding="ROUND_HALF_UP"))
    assert read_number(str(number), factor=factor, whole=False) == want


@pytest.mark.parametrize("cell", ["", None, "-", "—", "——", "/", "－", " ", "无"])
def test_dashes_and_blanks_are_missing(cell):
    assert is_missing(cell)


@pytest.mark.parametrize("cell", [0, 0.0, "0", "０", "0.00"])
def test_a_zero_is_a_number(cell):
    assert not is_missing(cell)
    assert read_cell(cell, value_type="decimal", factor=ONE) == (0, "")


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "+A1"])
def test_a_text_that_would_run_as_a_formula_is_refused(cell):
    for value_type in ("decimal", "category"):
        with pytest.raises(CellProblem):
            read_cell(cell, value_type=value_type, factor=ONE)


@pytest.mark.parametrize("cell", ["abc", "12万", "1.2.3", "NaN", "Infinity", True, "1e30"])
def test_what_is_not_a_number_is_refused(cell):
    with pytest.raises(CellProblem):
        read_number(cell, factor=ONE, whole=False)


def test_half_a_person_is_refused_where_whole_numbers_are_kept():
    with pytest.raises(CellProblem, match="整数"):
        read_number("12.5", factor=ONE, whole=True)


@pytest.mark.parametrize("cell", ["2024-8-5", "2024年8月5日", "20240805", "2024/08/05", "2024.8.5"])
def test_a_date_is_read_in_every_notation(cell):
    assert read_date(cell) == "2024-08-05"


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(CellProblem):
        read_date("2024-02-30")


def test_units_of_another_family_are_not_converted():
    assert unit_factor("千瓦时", "万元") is None
    assert unit_factor("万千瓦时", "千瓦时") == 10_000


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)

"""Quantities: one converter, exact both ways, and unlike kinds refused."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.common import money
from crm.common.quantity import (
    Kind,
    Quantity,
    QuantityError,
    factor,
    half_up,
    kind_of,
    steps_in,
    units_of,
)

CATALOGUE = Path(__file__).parents[2] / "profiles" / "data" / "indicators.csv"
KINDS = st.sampled_from(list(Kind))
E4 = st.integers(-(10**17), 10**17)


def units(kind):
    return st.sampled_from(units_of(kind))


PAIRS = KINDS.flatmap(lambda kind: st.tuples(units(kind), units(kind)))
UNLIKE = st.tuples(KINDS, KINDS).filter(lambda p: p[0] is not p[1])


def test_every_unit_of_the_catalogue_is_known():
    with CATALOGUE.open(encoding="utf-8", newline="") as lines:
        written = {row["unit"] for row in csv.DictReader(lines)}
    for unit in written - {"-"}:
        assert kind_of(unit)


@given(E4, PAIRS)
def test_converting_there_and_back_loses_nothing(number, pair):
    one, other = pair
    quantity = Quantity.from_e4(number, one)
    assert quantity.to(other).to(one) == quantity
    assert quantity.e4 == number
    assert quantity.exact * factor(one, other) == quantity.to(other).exact


@given(E4, E4, PAIRS)
def test_quantities_are_ordered_and_added_whatever_they_are_written_in(a, b, pair):
    one, other = Quantity.from_e4(a, pair[0]), Quantity.from_e4(b, pair[1])
    assert (one < other) == (one.steps < other.steps)
    assert (one <= other) == (one.steps <= other.steps)
    assert (one + other).steps == one.steps + other.steps
    assert ((one + other) - other) == one


@given(E4, UNLIKE)
def test_unlike_kinds_are_refused_with_a_sentence(number, kinds):
    one = Quantity.from_e4(number, units_of(kinds[0])[0])
    other = Quantity.from_e4(number, units_of(kinds[1])[0])
    for act in (one.__add__, one.__sub__, one.__lt__, one.__le__, one.exact_per):
        with pytest.raises(QuantityError, match="这里要"):
            act(other)
    assert factor(one.unit, other.unit) is None


@given(st.decimals(-(10**9), 10**9, places=4), KINDS.flatmap(units))
def test_what_is_written_is_read_back(number, unit):
    quantity = Quantity.of(number, unit)
    assert Quantity.parse(f"{number:,f} {unit}") == quantity
    assert Quantity.parse(str(quantity).replace("\N{MINUS SIGN}", "-")) == quantity


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2000 万元", "2,000万元"),
        ("２０００ 万元", "0.2 亿元"),
        ("1 元", "100 分"),
        ("3 亩", "2000 平方米"),
        ("15 亩", "1 公顷"),
        ("1.5 万kWh", "15000 千瓦时"),
        ("5%", "0.05"),
        ("50‰", "5%"),
        ("1 年", "12 个月"),
        (".5 万元", "5000 元"),
    ],
)
def test_the_same_quantity_in_two_notations(text, same):
    assert Quantity.parse(text).steps == Quantity.parse(same).steps


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("NaN 万元", "不是数量"),
        ("二十万元", "不是数量"),
        ("", "不是数量"),
        ("5 斗", "斗"),
        ("0.000000000001 万元", "小数"),
        ("1" + "0" * 40 + " 万元", "太大"),
    ],
)
def test_what_is_no_quantity_gets_a_sentence(text, words):
    with pytest.raises(QuantityError, match=words):
        Quantity.parse(text)


def test_a_number_must_be_one():
    for number in ("x", "NaN", "Infinity", Decimal("-Infinity")):
        with pytest.raises(QuantityError):
            Quantity.of(number, "元")


def test_only_money_has_fen():
    assert Quantity.parse("0.005 元").fen == 1
    assert Quantity.parse("-0.005 元").fen == -1
    with pytest.raises(QuantityError, match="人数"):
        Quantity.parse("5 人").fen  # noqa: B018


@given(st.integers(-(10**16), 10**16))
def test_money_of_the_database_and_quantities_agree(fen):
    assert money.quantity(fen).fen == fen
    assert money.fen_from_yuan(money.yuan(fen)) == fen
    assert money.fen_from_wan(Decimal(fen) / 10**6) == fen
    assert half_up(money.quantity(fen, "元").exact * 100) == fen


@given(st.integers(-(10**12), 10**12))
def test_shown_amounts_are_rounded_once_half_up(fen):
    assert money.wan(fen, 2) * 10**4 == half_up(Decimal(fen) / 10**4) * 100
    assert money.yi(fen, 0) == half_up(Decimal(fen) / 10**10)
    assert money.grouped(money.wan(-123_450_000, 1)) == "\N{MINUS SIGN}123.5"


def test_a_unit_compared_with_itself_needs_no_kind():
    assert factor("斗", "斗") == 1
    assert steps_in("元") == 100 * steps_in("分")

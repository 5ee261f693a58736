"""Amounts in 分: units, bands, caps, one rounding, and a sentence for every mistake."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_match.benefits import BenefitError, Fixed, amount_fen, parse_benefit, reads
from profiles.rules import Book, Catalogue, FeatureType, Point, Shape, parse

DAY = date(2024, 9, 12)
TYPES = {
    "rd": FeatureType(Shape.NUMBER, "万元"),
    "revenue": FeatureType(Shape.NUMBER, "万元"),
    "fee": FeatureType(Shape.NUMBER, "元"),
    "power": FeatureType(Shape.NUMBER, "千瓦时"),
    "flag": FeatureType(Shape.FLAG),
}
CATALOGUE = Catalogue(TYPES)
RULE = parse({"version": 2, "when": {"is": ["flag", True]}}, catalogue=CATALOGUE)
BAND = {"threshold": "0", "rate": "5%", "cap": "1 亿元"}
BENEFIT = {
    "type": "rate_of_excess",
    "of": {"of": "rd"},
    "over": {"of": "revenue"},
    "bands": [
        {"over_up_to": "5000 万元", "threshold": "0.05", "rate": "0.2", "cap": "10 万元"},
        {"over_up_to": None, "threshold": "4%", "rate": "10%", "cap": "20 万元"},
    ],
}


def parsed(benefit):
    return parse_benefit(benefit, catalogue=CATALOGUE)


def paid(benefit, values):
    points = {k: [Point(DAY, DAY, v)] for k, v in values.items() if v is not None}
    return amount_fen(benefit, RULE, Book(DAY, points))


def amount(revenue_e4, rd_e4):
    return paid(parsed(BENEFIT), {"revenue": revenue_e4, "rd": rd_e4})


@pytest.mark.parametrize(
    ("revenue", "rd", "fen"),
    [
        (50_000_000, 2_500_000, 0),
        (50_000_000, 2_600_000, 2_000_000),
        (50_000_001, 2_600_000, 6_000_000),
        (50_000_000, 2_999_995, 9_999_900),
        (50_000_000, 3_000_005, 10_000_000),
        (50_000_000, 100, 0),
    ],
)
def test_each_band_pays_to_its_edge_and_never_above_its_cap(revenue, rd, fen):
    assert amount(revenue, rd) == fen


def test_five_per_cent_of_a_thousand_yuan_is_fifty_yuan():
    benefit = parsed({**BENEFIT, "of": {"of": "fee"}, "over": {"of": "fee"}, "bands": [BAND]})
    assert paid(benefit, {"fee": 1000 * 10_000}) == 50 * 100


@given(st.integers(0, 10**13), st.sampled_from(["元", "万元", "分", "亿元"]))
def test_the_unit_a_feature_is_kept_in_does_not_change_the_amount(fen, unit):
    size = {"分": 1, "元": 100, "万元": 10**6, "亿元": 10**10}[unit]
    types = {"x": FeatureType(Shape.NUMBER, unit)}
    raw = {
        **BENEFIT,
        "of": {"of": "x"},
        "over": {"of": "x"},
        "bands": [{**BAND, "cap": "9999999 亿元"}],
    }
    e4 = fen * 10_000 // size
    exact = Decimal(e4) * size / 10_000 / 20
    want = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    assert paid(parse_benefit(raw, catalogue=Catalogue(types)), {"x": e4}) == want


def test_half_a_fen_is_rounded_up_once():
    bands = [{"threshold": "0", "rate": "0.005", "cap": "1 亿元"}]
    assert paid(parsed({**BENEFIT, "bands": bands}), {"revenue": 1, "rd": 1}) == 1


def test_a_fixed_sum_is_what_is_written():
    benefit = parsed({"type": "fixed", "amount": "20 万元"})
    assert isinstance(benefit, Fixed)
    assert reads(benefit) == set()
    assert paid(benefit, {}) == 20_000_000


@pytest.mark.parametrize(("revenue", "rd", "name"), [(None, 5, "revenue"), (5, None, "rd")])
def test_a_missing_fact_pays_nothing_and_is_named(revenue, rd, name):
    with pytest.raises(BenefitError, match=name):
        amount(revenue, rd)


def bands(**change):
    return {**BENEFIT, "bands": [{**BAND, **change}]}


@pytest.mark.parametrize(
    ("benefit", "words"),
    [
        ([], "benefit："),
        ({}, "type"),
        ({"type": "gift"}, "gift"),
        ({"type": "fixed", "amount": "0 元"}, r"benefit\.amount.*零"),
        ({"type": "fixed", "amount": 5}, "引号"),
        ({"type": "fixed", "amount": "5 人"}, "人数.*金额"),
        ({"type": "fixed", "amount": "5"}, "比例.*金额"),
        ({"type": "fixed", "amount": "5 万元", "fen": 5}, "fen"),
        ({**BENEFIT, "of": {"of": "profit"}}, r"benefit\.of.*profit"),
        ({**BENEFIT, "over": None}, r"benefit\.over.*None"),
        ({**BENEFIT, "of": {"of": "power"}}, "电量.*金额"),
        ({**BENEFIT, "over": {"of": "flag"}}, "flag.*是否"),
        ({**BENEFIT, "bands": []}, "一档"),
        ({**BENEFIT, "bands": ["x"]}, r"bands\[0\]"),
        ({**BENEFIT, "rate": "5%"}, "rate"),
        (bands(cap="-1 万元"), r"bands\[0\]\.cap.*小于零"),
        (bands(cap=None), "cap"),
        (bands(rate="NaN"), r"bands\[0\]\.rate.*NaN"),
        (bands(rate="150%"), "100%"),
        (bands(rate=0.05), "引号"),
        (bands(threshold="5 万元"), "threshold.*金额.*比例"),
        (bands(note="x"), "note"),
        (bands(over_up_to="5 万元"), "最后一档"),
        ({**BENEFIT, "bands": [BAND, BAND]}, "最后一档"),
        (
            {
                **BENEFIT,
                "bands": [{**BAND, "over_up_to": "2 万元"}, {**BAND, "over_up_to": "2 万元"}, BAND],
            },
            "从低到高",
        ),
    ],
)
def test_a_mistake_in_a_benefit_gets_a_sentence_with_its_place(benefit, words):
    with pytest.raises(BenefitError, match=words) as problem:
        parsed(benefit)
    assert "benefit" in str(problem.value)

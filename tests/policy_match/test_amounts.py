"""Amounts in 分: bands, caps, one rounding."""

import pytest

from policy_match.benefits import BenefitError, amount_fen

BENEFIT = {
    "type": "rate_of_excess",
    "of": "rd",
    "over": "revenue",
    "bands": [
        {"over_up_to": 5000, "threshold": "0.05", "rate": "0.2", "cap_fen": 10_000_000},
        {"over_up_to": None, "threshold": "0.04", "rate": "0.1", "cap_fen": 20_000_000},
    ],
}


def amount(revenue_e4, rd_e4):
    return amount_fen(BENEFIT, {"revenue": revenue_e4, "rd": rd_e4})


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


def test_half_a_fen_is_rounded_up_once():
    assert (
        amount_fen(
            {**BENEFIT, "bands": [{"threshold": "0", "rate": "0.005", "cap_fen": 10**9}]},
            {"revenue": 1, "rd": 1},
        )
        == 1
    )


def test_a_missing_fact_pays_nothing_and_says_so():
    with pytest.raises(BenefitError):
        amount(None, 5)


@pytest.mark.parametrize("benefit", [{}, {"type": "gift"}, {"type": "fixed", "fen": 0}])
def test_a_benefit_that_is_not_well_formed_is_refused(benefit):
    with pytest.raises(BenefitError):
        amount_fen(benefit, {})

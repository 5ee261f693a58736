"""Amounts in plain Python: what an eligible enterprise gets, in 分."""

from policy_match.benefits.amounts import BenefitError, amount_fen
from policy_match.benefits.parse import Band, Benefit, Fixed, RateOfExcess, parse_benefit, reads

__all__ = [
    "Band",
    "Benefit",
    "BenefitError",
    "Fixed",
    "RateOfExcess",
    "amount_fen",
    "parse_benefit",
    "reads",
]

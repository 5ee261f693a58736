"""Amounts in plain Python: what an eligible enterprise gets, in 分."""

from policy_match.benefits.amounts import BenefitError, amount_fen, check

__all__ = ["BenefitError", "amount_fen", "check"]

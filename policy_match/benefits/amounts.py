"""What a benefit comes to for one enterprise: exact until the one rounding at the end."""

from fractions import Fraction

from crm.common.quantity import SCALE, half_up
from policy_match.benefits.parse import Benefit, BenefitError, Fixed, RateOfExcess
from profiles.rules import Book, Rule, Value, value_of


def amount_fen(benefit: Benefit, rule: Rule, book: Book) -> int:
    """Return the amount in 分, rounded half up once (四舍五入).

    Its values mean the periods of the rule beside it. Raises BenefitError when one of them is
    missing: unknown never pays.
    """
    if isinstance(benefit, Fixed):
        return benefit.amount.fen
    of, over = (_steps(value, rule, book) for value in (benefit.of, benefit.over))
    return _of_excess(benefit, of, over)


def _steps(value: Value, rule: Rule, book: Book) -> Fraction:
    seen = value_of(rule, value, book)
    if seen.number is None:
        missing = "、".join(dict.fromkeys(lack.what for lack in seen.lacks))
        raise BenefitError(f"缺少计算金额的数据：{missing}。")
    return seen.number


def _of_excess(benefit: RateOfExcess, of: Fraction, over: Fraction) -> int:
    band = next(one for one in benefit.bands if one.limit is None or over <= one.limit.steps)
    excess = of - band.threshold * over
    if excess <= 0:
        return 0
    return min(half_up(excess * band.rate / SCALE), band.cap.fen)

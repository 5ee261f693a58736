"""What a benefit comes to for one enterprise: exact until the one rounding at the end."""

from collections.abc import Mapping

from crm.common.quantity import SCALE, Quantity, half_up
from policy_match.benefits.parse import Benefit, BenefitError, Fixed, RateOfExcess


def amount_fen(benefit: Benefit, values: Mapping[str, int | None]) -> int:
    """Return the amount in 分, rounded half up once (四舍五入).

    `values` are stored numbers, ten-thousandths of each feature's unit. Raises BenefitError
    when one of them is missing: unknown never pays.
    """
    if isinstance(benefit, Fixed):
        return benefit.amount.fen
    of, over = values.get(benefit.of), values.get(benefit.over)
    if of is None or over is None:
        missing = benefit.of if of is None else benefit.over
        raise BenefitError(f"缺少计算金额的数据：{missing}。")
    return _of_excess(
        benefit,
        Quantity.from_e4(of, benefit.of_unit),
        Quantity.from_e4(over, benefit.over_unit),
    )


def _of_excess(benefit: RateOfExcess, of: Quantity, over: Quantity) -> int:
    band = next(band for band in benefit.bands if band.limit is None or over <= band.limit)
    excess = of.steps - band.threshold * over.steps
    if excess <= 0:
        return 0
    return min(half_up(excess * band.rate / SCALE), band.cap.fen)

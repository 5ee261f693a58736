"""Fixed sums, and rates with caps by band; exact until the one rounding at the end.

Feature values are integers of a ten-thousandth of 万元; one ten-thousandth of 万元 is one 元.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

SCALE = 10_000
FEN_PER_UNIT = 100


class BenefitError(Exception):
    """The benefit is not well formed, or a fact it needs is missing."""


def check(benefit: Mapping[str, Any]) -> set[str]:
    """Return the features a benefit reads; raises BenefitError when it is not well formed."""
    kind = benefit.get("type")
    if kind == "fixed":
        if not isinstance(benefit.get("fen"), int) or benefit["fen"] <= 0:
            raise BenefitError("fixed：金额（fen）要写成大于零的整数，单位分。")
        return set()
    if kind == "rate_of_excess":
        bands = benefit.get("bands")
        if not isinstance(bands, list) or not bands:
            raise BenefitError("rate_of_excess：至少要有一档（bands）。")
        if not isinstance(benefit.get("of"), str) or not isinstance(benefit.get("over"), str):
            raise BenefitError("rate_of_excess：要写明按什么算（of）、超过什么（over）。")
        for band in bands:
            _check_band(band)
        return {str(benefit["of"]), str(benefit["over"])}
    raise BenefitError(f"不认识的补助方式：{kind}。")


def _check_band(band: Any) -> None:
    if not isinstance(band, dict) or not isinstance(band.get("cap_fen"), int):
        raise BenefitError("每一档都要写封顶金额（cap_fen），整数，单位分。")
    for name in ("threshold", "rate"):
        try:
            Decimal(band[name] if isinstance(band.get(name), str) else "x")
        except InvalidOperation:
            raise BenefitError(f"每一档的 {name} 要写成带引号的小数，如 “0.05”。") from None


def amount_fen(benefit: Mapping[str, Any], values: Mapping[str, int | None]) -> int:
    """Return the amount in 分, rounded half up once; raises BenefitError for a missing fact."""
    check(benefit)
    if benefit["type"] == "fixed":
        return int(benefit["fen"])
    of, over = values.get(benefit["of"]), values.get(benefit["over"])
    if of is None or over is None:
        raise BenefitError("缺少计算金额的数据。")
    for band in benefit["bands"]:
        limit = band.get("over_up_to")
        if limit is None or over <= int(Decimal(str(limit)) * SCALE):
            excess = of - Decimal(band["threshold"]) * over
            fen = excess * Decimal(band["rate"]) * FEN_PER_UNIT
            rounded = int(max(fen, Decimal(0)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
            return min(rounded, int(band["cap_fen"]))
    raise BenefitError("没有一档适用：最后一档不要写上限。")

"""From JSON to a benefit whose every number has a unit, with a sentence for every mistake.

A benefit is parsed once, against the same typed catalogue of features as the rule beside it.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from crm.common.quantity import Kind, Quantity, QuantityError
from profiles.rules import Catalogue, RuleError, Value, features_of, parse_value


class BenefitError(Exception):
    """The benefit is not well formed, or a fact it needs is missing; the text names the place."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A sum that is the same for everybody (定额)."""

    amount: Quantity


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a rate: up to `limit` of the base (none: without end), capped."""

    limit: Quantity | None
    threshold: Fraction
    rate: Fraction
    cap: Quantity


@dataclass(frozen=True, slots=True)
class RateOfExcess:
    """A rate of what `of` exceeds a share of `over` by (超过…的部分), by bands of `over`."""

    of: Value
    over: Value
    bands: tuple[Band, ...]


Benefit = Fixed | RateOfExcess
_BAND_KEYS = {"over_up_to", "threshold", "rate", "cap"}


def reads(benefit: Benefit) -> set[str]:
    """Return the features a benefit needs."""
    return set() if isinstance(benefit, Fixed) else features_of((benefit.of, benefit.over))


def parse_benefit(raw: Any, *, catalogue: Catalogue) -> Benefit:
    """Return a benefit; raises BenefitError naming the place and what to write there."""
    if not isinstance(raw, dict):
        raise BenefitError("benefit：要写成 {“type”: …}。")
    kind = raw.get("type")
    if kind == "fixed":
        _only(raw, {"type", "amount"}, "benefit")
        amount = _money(raw.get("amount"), "benefit.amount")
        if amount.fen <= 0:
            raise BenefitError("benefit.amount：金额要大于零。")
        return Fixed(amount)
    if kind == "rate_of_excess":
        return _rate_of_excess(raw, catalogue)
    raise BenefitError(f"benefit.type：不认识的补助方式 “{kind}”。可用：fixed、rate_of_excess。")


def _rate_of_excess(raw: dict[str, Any], catalogue: Catalogue) -> RateOfExcess:
    _only(raw, {"type", "of", "over", "bands"}, "benefit")
    of, over = _value(raw, "of", catalogue), _value(raw, "over", catalogue)
    bands = raw.get("bands")
    if not isinstance(bands, list) or not bands:
        raise BenefitError("benefit.bands：至少要有一档。")
    parsed = tuple(_band(band, f"benefit.bands[{n}]") for n, band in enumerate(bands))
    _check_order(parsed)
    return RateOfExcess(of, over, parsed)


def _check_order(bands: tuple[Band, ...]) -> None:
    """Bands rise, and the last has no limit: every enterprise falls into exactly one."""
    limits = [band.limit for band in bands]
    if limits[-1] is not None or None in limits[:-1]:
        raise BenefitError("benefit.bands：只有最后一档不写上限（over_up_to）。")
    steps = [limit.steps for limit in limits if limit is not None]
    if steps != sorted(set(steps)):
        raise BenefitError("benefit.bands：各档的上限（over_up_to）要从低到高。")


def _value(raw: dict[str, Any], key: str, catalogue: Catalogue) -> Value:
    place = f"benefit.{key}"
    try:
        found = parse_value(raw.get(key), place, catalogue=catalogue)
    except RuleError as problem:
        raise BenefitError(str(problem)) from None
    if found.measure.kind is not Kind.MONEY or found.measure.per is not None:
        raise BenefitError(f"{place}：这里是{found.measure}，要金额。")
    return found


def _band(raw: Any, place: str) -> Band:
    if not isinstance(raw, dict):
        raise BenefitError(f"{place}：要写成 {{“threshold”: …, “rate”: …, “cap”: …}}。")
    _only(raw, _BAND_KEYS, place)
    limit = raw.get("over_up_to")
    return Band(
        limit=None if limit is None else _money(limit, f"{place}.over_up_to"),
        threshold=_share(raw.get("threshold"), f"{place}.threshold"),
        rate=_share(raw.get("rate"), f"{place}.rate"),
        cap=_money(raw.get("cap"), f"{place}.cap"),
    )


def _only(raw: dict[str, Any], known: set[str], place: str) -> None:
    if unknown := set(raw) - known:
        raise BenefitError(f"{place}：不认识 {'、'.join(sorted(unknown))}。")


def _quantity(value: Any, place: str, kind: Kind) -> Quantity:
    if not isinstance(value, str):
        raise BenefitError(f"{place}：{kind}请写成带引号的文字，如 “10 万元”、“5%”。")
    try:
        found = Quantity.parse(value)
        found.like(kind)
    except QuantityError as problem:
        raise BenefitError(f"{place}：{problem}") from None
    if found.steps < 0:
        raise BenefitError(f"{place}：“{value}” 不能小于零。")
    return found


def _money(value: Any, place: str) -> Quantity:
    return _quantity(value, place, Kind.MONEY)


def _share(value: Any, place: str) -> Fraction:
    found = _quantity(value, place, Kind.SHARE).to("").exact
    if found > 1:
        raise BenefitError(f"{place}：“{value}” 不能大于 100%。")
    return found

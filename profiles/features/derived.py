"""Facts that follow from reported ones on a day: size, candidates, ratios, what is valid."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from profiles.enums import ValueType
from profiles.features.sizes import reaches_scale, size_class

PERCENT_E4 = 100 * 10_000
Known = Mapping[str, Any]
INDUSTRY = "enterprise.industry"


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact made of others: `make` is given those of one enterprise and the day.

    `of` are the features it is made of; the first one of an indicator is whose department
    answers for it, and it is as confidential as the most confidential of them.
    """

    key: str
    label: str
    value_type: str
    of: tuple[str, ...]
    make: Callable[[Known, date], Any]
    unit: str = ""
    legal_values: tuple[str, ...] = ()


def percent(part: int | None, whole: int | None) -> int | None:
    """Return a share in percent, in ten-thousandths, rounded down; None of nothing or less.

    Rounded down, so that no share that stays below a floor ever reaches it.
    """
    if part is None or whole is None or whole <= 0:
        return None
    return part * PERCENT_E4 // whole


def growth(now: int | None, before: int | None) -> int | None:
    """Return the growth in percent, in ten-thousandths, rounded down; None over no base."""
    return None if now is None or before is None else percent(now - before, before)


def _first(known: Known, *keys: str) -> Any:
    return next((known[key] for key in keys if known.get(key) is not None), None)


_STAFF = ("staff_avg@last_year", "staff_avg@latest")
_REVENUE = ("operating_revenue@last_year", "main_revenue@last_year")
_ASSETS = ("total_assets@last_year", "total_assets@latest")


def _size(known: Known, on: date) -> str | None:
    measured = {
        "staff": _first(known, *_STAFF),
        "revenue": _first(known, *_REVENUE),
        "assets": _first(known, *_ASSETS),
    }
    return size_class(known.get(INDUSTRY) or "", measured, on)


def _candidate(known: Known, on: date) -> bool | None:
    """Say whether an enterprise has reached the floor and is not counted above it yet."""
    reached = reaches_scale(known.get(INDUSTRY) or "", _first(known, *_REVENUE), on)
    counted = known.get("above_scale_flag@latest")
    if reached is False or counted:
        return False
    return None if reached is None or counted is None else True


def _hitech(known: Known, on: date) -> bool | None:
    return _valid(known.get("hitech_cert_date@latest"), known.get("hitech_expiry_date@latest"), on)


def _srdi(known: Known, on: date) -> bool | None:
    """Say whether the recognition stands: three years from its day, whatever its level."""
    begun = known.get("srdi_cert_date@latest")
    return _valid(begun, begun and years_after(begun, 3).isoformat(), on)


def years_after(day: str, years: int) -> date:
    """Return the same day some years on; of 29 February the 28th."""
    start = date.fromisoformat(day)
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return start.replace(year=start.year + years, day=28)


def _valid(begun: str | None, ends: str | None, on: date) -> bool | None:
    """Say whether a day lies between both, the last one included; None where neither decides."""
    if ends is not None and ends < on.isoformat():
        return False
    if begun is not None and begun > on.isoformat():
        return False
    return None if ends is None else True


def _ratio(part: str, whole: str) -> Callable[[Known, date], int | None]:
    return lambda known, _on: percent(known.get(part), known.get(whole))


def _share(key: str, label: str, part: str, whole: str) -> Derived:
    return Derived(key, label, ValueType.DECIMAL, (part, whole), _ratio(part, whole), "%")


DERIVED = (
    Derived(
        "derived.size_class",
        "企业规模",
        ValueType.CATEGORY,
        (INDUSTRY, *_REVENUE, *_STAFF, *_ASSETS),
        _size,
        legal_values=("大型", "中型", "小型", "微型", "不适用"),
    ),
    Derived(
        "derived.above_scale_candidate",
        "达到规上标准尚未入规",
        ValueType.BOOL,
        (INDUSTRY, *_REVENUE, "above_scale_flag@latest"),
        _candidate,
    ),
    Derived(
        "derived.hitech_valid",
        "高新技术企业资格有效",
        ValueType.BOOL,
        ("hitech_expiry_date@latest", "hitech_cert_date@latest"),
        _hitech,
    ),
    Derived(
        "derived.srdi_valid",
        "专精特新认定有效",
        ValueType.BOOL,
        ("srdi_cert_date@latest",),
        _srdi,
    ),
    _share("derived.debt_ratio", "资产负债率", "total_liabilities@latest", "total_assets@latest"),
    _share(
        "derived.profit_margin",
        "近12个月营业收入利润率",
        "total_profit@last_12_months",
        "operating_revenue@last_12_months",
    ),
    _share(
        "derived.rd_intensity",
        "上年研发投入强度",
        "rd_spend_stat@last_year",
        "main_revenue@last_year",
    ),
)

"""Units as tables write them: in heads, in a line above the table, in a column of their own."""

import re

from crm.common.quantity import Kind, QuantityError, factor, kind_of, units_of
from profiles.services.tables.cells import fold

UNITS = frozenset(unit for kind in Kind for unit in units_of(kind) if unit)
# Where one unit is as usual as another, a number without a unit says nothing.
DOUBTFUL = frozenset(
    {
        Kind.MONEY,
        Kind.DOLLARS,
        Kind.ELECTRICITY,
        Kind.AREA,
        Kind.VOLUME,
        Kind.MASS,
        Kind.ENERGY,
        Kind.MONTHLY_PAY,
    }
)
_SAME = {
    "kwh": "千瓦时",
    "万kwh": "万千瓦时",
    "kw·h": "千瓦时",
    "m3": "立方米",
    "m³": "立方米",
    "方": "立方米",
    "㎡": "平方米",
    "m2": "平方米",
    "t": "吨",
    "吨标煤": "吨标准煤",
    "tce": "吨标准煤",
    "kva": "千伏安",
    "千伏·安": "千伏安",
    "家次": "家",
    "h": "小时",
    "美金": "美元",
    "万美金": "万美元",
    "usd": "美元",
    "百分比": "%",
    "百分数": "%",
}
_LINE = re.compile(
    r"(?P<label>(?:金额|计量|数据|货币)?单位|[计]量单位)\s*[::]\s*(?P<units>[^)】\];;。]*)"
)
_BY = re.compile(r"(?:以|按)(?P<units>[一-龥]{1,4}?元|[一-龥]*千瓦时)(?:为单位|计|填报|统计)")
_OFFICES = re.compile(r"(?:局|公司|办|委|中心|部|所|院|厂|会|政府|集团|行|站|处|园区|街道|镇)$")
_SEPARATORS = re.compile(r"[、,,/;;和及与\s]+")


def known_unit(written: str) -> str:
    """Return a unit in the words of the catalogue, or nothing when it is not understood."""
    text = re.sub(r"\s+", "", fold(written)).removeprefix("人民币").removeprefix("计量单位")
    text = re.sub(r"[((]?人民币[))]?$", "", text)
    if text.removesuffix("RMB") in UNITS:
        return text.removesuffix("RMB")
    same = _SAME.get(text.lower(), text)
    return same if same in UNITS else ""


def units_in_line(text: str) -> list[str] | None:
    """Return what a line like “单位：元、人” names, as written; None if it is no such line.

    “填报单位：税务局” names an office, not a unit.
    """
    folded = fold(text)
    found = _LINE.search(folded)
    if found is None:
        by = _BY.search(folded)
        return [by["units"]] if by else None
    before = folded[: found.start()]
    if re.search(r"(?:填报|编制|制表|报送|主管|统计|报告|责任|负责|单位)$", before):
        return None
    parts = [part for part in _SEPARATORS.split(found["units"]) if part]
    parts = [part.split("(")[0] if not known_unit(part) else part for part in parts]
    named = [part for part in parts if part and not _OFFICES.search(part)]
    return None if parts and not named else named


def fitting(named: list[str], wanted: str) -> list[str]:
    """Return those units of a line that measure what the wanted unit measures."""
    known = dict.fromkeys(known_unit(one) for one in named)
    return [unit for unit in known if unit and factor(unit, wanted) is not None]


def siblings(unit: str) -> tuple[str, ...]:
    """Return the units a number in this one may also be written in."""
    try:
        return tuple(one for one in units_of(kind_of(unit)) if one not in ("", "分", "美分"))
    except QuantityError:
        return (unit,)


def needs_unit(unit: str) -> bool:
    """Say whether a number without a unit could be of another size."""
    try:
        return bool(unit) and kind_of(unit) in DOUBTFUL
    except QuantityError:
        return False

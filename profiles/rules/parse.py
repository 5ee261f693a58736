"""From JSON to a tree, with a sentence for every mistake a rule's author can make."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from profiles.rules.nodes import (
    CODE_OPS,
    DATE_OPS,
    FLAG_OPS,
    NUMBER_OPS,
    SET_OPS,
    Group,
    Leaf,
    Negation,
    Node,
)

VERSION = 1
SCALE = 10_000
MAX_DEPTH = 12
LARGEST = 2**62
_OPS = NUMBER_OPS | DATE_OPS | SET_OPS | CODE_OPS | FLAG_OPS
_KEYS = {"feature", "per", "op", "value", "unit", "cites"}


class RuleError(Exception):
    """The rule is not well formed; the text names the place and what to do."""


def parse(rule: Any, *, units: Mapping[str, str]) -> Node:
    """Return the tree of a rule.

    `units` maps every feature a rule may ask for to its unit. Raises RuleError for an unknown
    feature, a unit that is not the feature's, a bound of the wrong kind.
    """
    if not isinstance(rule, dict) or rule.get("version") != VERSION:
        raise RuleError(f"规则要写明版本：在最外层写 “version”: {VERSION}。")
    if "when" not in rule:
        raise RuleError("规则缺少 “when”：把条件写在里面。")
    return _node(rule["when"], "when", units, 0)


def _node(raw: Any, place: str, units: Mapping[str, str], depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise RuleError(f"{place}：嵌套超过 {MAX_DEPTH} 层，请拆开写。")
    if not isinstance(raw, dict):
        raise RuleError(f"{place}：这里要写一个条件或一组条件。")
    for kind in ("all", "any"):
        if kind in raw:
            parts = raw[kind]
            if set(raw) != {kind} or not isinstance(parts, list) or not parts:
                raise RuleError(f"{place}：“{kind}” 里要有至少一个条件，旁边不能再写别的。")
            return Group(
                kind,
                tuple(
                    _node(p, f"{place}.{kind}[{n}]", units, depth + 1) for n, p in enumerate(parts)
                ),
            )
    if "not" in raw:
        if set(raw) != {"not"}:
            raise RuleError(f"{place}：“not” 旁边不能再写别的。")
        return Negation(_node(raw["not"], f"{place}.not", units, depth + 1))
    return _leaf(raw, place, units)


def _leaf(raw: dict[str, Any], place: str, units: Mapping[str, str]) -> Leaf:
    if unknown := set(raw) - _KEYS:
        raise RuleError(f"{place}：不认识 {'、'.join(sorted(unknown))}。")
    feature, per = str(raw.get("feature", "")), str(raw.get("per", ""))
    for name in filter(None, (feature, per)):
        if name not in units:
            raise RuleError(f"{place}：没有叫 “{name}” 的特征。")
    if not feature:
        raise RuleError(f"{place}：条件要写明特征（feature）。")
    op = str(raw.get("op", ""))
    if op not in _OPS:
        raise RuleError(f"{place}：不认识比较 “{op}”。可用：{'、'.join(sorted(_OPS))}。")
    if per and op not in NUMBER_OPS:
        raise RuleError(f"{place}：比值只能比大小。")
    if per and units[per] != units[feature]:
        raise RuleError(
            f"{place}：比值两边单位要相同，“{feature}” 是 “{units[feature]}”，"
            f"“{per}” 是 “{units[per]}”。"
        )
    unit = str(raw.get("unit", ""))
    wanted = "" if per else units[feature]
    if op in NUMBER_OPS and unit != wanted:
        raise RuleError(f"{place}：“{feature}” 的单位是 “{wanted}”，不是 “{unit}”。")
    return Leaf(
        number=_number(raw, place) if op in NUMBER_OPS else None,
        feature=feature,
        op=op,
        per=per,
        unit=unit,
        day=_day(raw, place) if op in DATE_OPS else None,
        texts=_texts(raw, place) if op in SET_OPS | CODE_OPS else (),
        flag=_flag(raw, place) if op in FLAG_OPS else True,
        cites=str(raw.get("cites", "")),
    )


def _number(raw: dict[str, Any], place: str) -> int:
    value = raw.get("value")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise RuleError(f"{place}：数字请写整数，小数写成带引号的文字，如 “0.05”。")
    try:
        scaled = Decimal(value) * SCALE
    except ArithmeticError:
        raise RuleError(f"{place}：“{value}” 不是数字。") from None
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise RuleError(f"{place}：“{value}” 的小数超过四位。")
    if abs(scaled) > LARGEST:
        raise RuleError(f"{place}：“{value}” 太大，存不下。")
    return int(scaled)


def _day(raw: dict[str, Any], place: str) -> date:
    try:
        return date.fromisoformat(str(raw.get("value")))
    except ValueError:
        raise RuleError(f"{place}：日期请写成 2024-08-31。") from None


def _texts(raw: dict[str, Any], place: str) -> tuple[str, ...]:
    value = raw.get("value")
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise RuleError(f"{place}：这里要写一列文字，如 [“A”, “B”]。")
    return tuple(value)


def _flag(raw: dict[str, Any], place: str) -> bool:
    value = raw.get("value")
    if not isinstance(value, bool):
        raise RuleError(f"{place}：这里写 true 或 false。")
    return value

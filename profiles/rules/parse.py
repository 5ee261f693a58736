"""From JSON to a tree, with a sentence for every mistake a rule's author can make."""

from datetime import date
from typing import Any

from crm.common.quantity import Kind, Quantity, QuantityError
from profiles.rules.features import Catalogue, FeatureType, Shape
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
MAX_DEPTH = 12
_OPS = NUMBER_OPS | DATE_OPS | SET_OPS | CODE_OPS | FLAG_OPS
_KEYS = {"feature", "per", "op", "value", "unit", "cites"}
_SHAPES = {
    Shape.NUMBER: NUMBER_OPS,
    Shape.FLAG: FLAG_OPS,
    Shape.DATE: DATE_OPS,
    Shape.TEXT: SET_OPS | CODE_OPS,
}


class RuleError(Exception):
    """The rule is not well formed; the text names the place and what to do."""


def parse(rule: Any, *, catalogue: Catalogue) -> Node:
    """Return the tree of a rule.

    `catalogue` types every feature a rule may ask for. Raises RuleError for an unknown
    feature, a comparison its shape does not know, a bound of an unlike kind.
    """
    if not isinstance(rule, dict) or rule.get("version") != VERSION:
        raise RuleError(f"规则要写明版本：在最外层写 “version”: {VERSION}。")
    if "when" not in rule:
        raise RuleError("规则缺少 “when”：把条件写在里面。")
    return _node(rule["when"], "when", catalogue, 0)


def _node(raw: Any, place: str, catalogue: Catalogue, depth: int) -> Node:
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
                    _node(p, f"{place}.{kind}[{n}]", catalogue, depth + 1)
                    for n, p in enumerate(parts)
                ),
            )
    if "not" in raw:
        if set(raw) != {"not"}:
            raise RuleError(f"{place}：“not” 旁边不能再写别的。")
        return Negation(_node(raw["not"], f"{place}.not", catalogue, depth + 1))
    return _leaf(raw, place, catalogue)


def _leaf(raw: dict[str, Any], place: str, catalogue: Catalogue) -> Leaf:
    if unknown := set(raw) - _KEYS:
        raise RuleError(f"{place}：不认识 {'、'.join(sorted(unknown))}。")
    feature, per = str(raw.get("feature", "")), str(raw.get("per", ""))
    if not feature:
        raise RuleError(f"{place}：条件要写明特征（feature）。")
    for name in filter(None, (feature, per)):
        if name not in catalogue:
            raise RuleError(f"{place}：没有叫 “{name}” 的特征。")
    known = catalogue[feature]
    op = _op(raw, place, known)
    if per:
        _check_ratio(op, known, catalogue[per], place)
    return Leaf(
        bound=_bound(raw, place, "" if per else known.unit) if op in NUMBER_OPS else None,
        feature=feature,
        op=op,
        per=per,
        unit=known.unit,
        per_unit=catalogue[per].unit if per else "",
        day=_day(raw, place) if op in DATE_OPS else None,
        texts=_texts(raw, place) if op in SET_OPS | CODE_OPS else (),
        flag=_flag(raw, place) if op in FLAG_OPS else True,
        cites=str(raw.get("cites", "")),
    )


def _op(raw: dict[str, Any], place: str, known: FeatureType) -> str:
    op = str(raw.get("op", ""))
    if op not in _OPS:
        raise RuleError(f"{place}：不认识比较 “{op}”。可用：{'、'.join(sorted(_OPS))}。")
    if op not in _SHAPES[known.shape]:
        raise RuleError(
            f"{place}：“{raw['feature']}” 是{known.shape}，不能用 “{op}”。"
            f"可用：{'、'.join(sorted(_SHAPES[known.shape]))}。"
        )
    return op


def _check_ratio(op: str, top: FeatureType, base: FeatureType, place: str) -> None:
    if op not in NUMBER_OPS:
        raise RuleError(f"{place}：比值只能比大小。")
    if top.kind is not base.kind:
        raise RuleError(
            f"{place}：比值两边要是同类的量，单位 “{top.unit}” 与 “{base.unit}” 不同类。"
        )


def _bound(raw: dict[str, Any], place: str, wanted: str) -> Quantity:
    """Return the bound: a number with its unit beside it, or both in one text (2000 万元)."""
    value, unit = raw.get("value"), str(raw.get("unit", ""))
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise RuleError(f"{place}：数字请写整数，小数写成带引号的文字，如 “0.05”。")
    try:
        if unit or isinstance(value, int):
            bound = Quantity.of(value, unit)
        else:
            bound = Quantity.parse(value)
        bound.to(wanted)
    except QuantityError as problem:
        raise RuleError(f"{place}：{problem}特征的单位是 “{wanted or Kind.SHARE}”。") from None
    return bound


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

"""The same tree as a sentence that the reviewer signs, and its conditions in words."""

from collections.abc import Mapping
from decimal import Decimal

from crm.common.quantity import SCALE, Quantity, half_up
from profiles.rules.evaluate import LeafResult
from profiles.rules.facts import Fact
from profiles.rules.nodes import Leaf, Negation, Node

_ZH = {
    "lt": "低于",
    "le": "不超过",
    "gt": "超过",
    "ge": "不低于",
    "eq": "等于",
    "ne": "不等于",
    "on_or_after": "不早于",
    "on_or_before": "不晚于",
    "in": "是",
    "not_in": "不是",
    "under": "属于",
    "not_under": "不属于",
    "is": "为",
}
_EN = {
    "lt": "below",
    "le": "at most",
    "gt": "above",
    "ge": "at least",
    "eq": "equal to",
    "ne": "other than",
    "on_or_after": "not before",
    "on_or_before": "not after",
    "in": "one of",
    "not_in": "none of",
    "under": "under",
    "not_under": "not under",
    "is": "is",
}
Names = Mapping[str, str]


def bound(leaf: Leaf, lang: str = "zh") -> str:
    """Return what a condition asks for."""
    words = _ZH if lang == "zh" else _EN
    return f"{words[leaf.op]}{'' if lang == 'zh' else ' '}{_bound_value(leaf, lang)}"


def _bound_value(leaf: Leaf, lang: str) -> str:
    if leaf.day is not None:
        return (
            f"{leaf.day.year}年{leaf.day.month}月{leaf.day.day}日"
            if lang == "zh"
            else str(leaf.day)
        )
    if leaf.texts:
        return ("、" if lang == "zh" else ", ").join(leaf.texts)
    if leaf.bound is None:
        return ("是" if leaf.flag else "否") if lang == "zh" else ("yes" if leaf.flag else "no")
    return str(leaf.bound.to("%") if leaf.per else leaf.bound)


def subject(leaf: Leaf, names: Names, lang: str = "zh") -> str:
    """Return the left side of a condition."""
    if leaf.per:
        joint = "占" if lang == "zh" else " of "
        tail = "的比重" if lang == "zh" else ""
        return f"{names[leaf.feature]}{joint}{names[leaf.per]}{tail}"
    return names[leaf.feature]


def sentence(node: Node, names: Names, lang: str = "zh") -> str:
    """Return the whole rule as one sentence."""
    if isinstance(node, Leaf):
        space = "" if lang == "zh" else " "
        return f"{subject(node, names, lang)}{space}{bound(node, lang)}"
    if isinstance(node, Negation):
        return f"{'不满足' if lang == 'zh' else 'not '}（{sentence(node.part, names, lang)}）"
    joint = {"all": ("，并且", " and "), "any": ("，或者", " or ")}[node.kind][lang != "zh"]
    parts = []
    for part in node.parts:
        text = sentence(part, names, lang)
        parts.append(text if isinstance(part, Leaf | Negation) else f"（{text}）")
    return joint.join(parts)


def shown(fact: Fact) -> str:
    """Return a fact's value as it is read."""
    if fact.value is None:
        return "企业未授权使用" if fact.withheld else "缺数据"
    if isinstance(fact.value, bool):
        return "是" if fact.value else "否"
    if isinstance(fact.value, int):
        return str(Quantity.from_e4(fact.value, fact.unit))
    return str(fact.value)


def having(result: LeafResult) -> str:
    """Return what the enterprise has on the left side of a condition."""
    if result.per is None:
        return shown(result.fact)
    leaf, top, base = result.leaf, result.fact.value, result.per.value
    if not isinstance(top, int) or not isinstance(base, int) or base <= 0:
        return "缺数据"
    ratio = Quantity.from_e4(top, leaf.unit).exact_per(Quantity.from_e4(base, leaf.per_unit))
    share = Decimal(half_up(ratio * SCALE)) / 100
    return f"{share.normalize():f}%（{shown(result.fact)} / {shown(result.per)}）"

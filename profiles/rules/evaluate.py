"""The plain interpreter: a verdict, the way to it, and how far it is."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from crm.common.quantity import SCALE, steps_in
from profiles.rules.facts import MISSING, Fact, Facts
from profiles.rules.nodes import (
    CODE_OPS,
    DATE_OPS,
    FLAG_OPS,
    SET_OPS,
    Leaf,
    Negation,
    Node,
    Verdict,
)

# One integer carries the verdict and both counts of the cheapest path: a failing condition
# weighs more than all unknown ones; all = sum, any = minimum.
UNKNOWN_WEIGHT, FALSE_WEIGHT = 1, 1 << 16
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "eq": operator.eq,
    "ne": operator.ne,
}


@dataclass(frozen=True, slots=True)
class LeafResult:
    """One condition with the facts it was judged on.

    `verdict` is what it means where it stands: under a `not` it is turned round.
    """

    leaf: Leaf
    fact: Fact
    per: Fact | None
    verdict: Verdict
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A verdict, the failing and unknown conditions on the cheapest path, every condition.

    `path` are the conditions of that path alone: what was met, or what is still to be met.
    """

    verdict: Verdict
    failing: int
    unknown: int
    leaves: tuple[LeafResult, ...]
    path: tuple[LeafResult, ...] = ()


def evaluate(node: Node, facts: Facts) -> Outcome:
    """Judge one enterprise by one rule."""
    judged = _judge(node, facts, negated=False)
    score = judged.score
    return Outcome(
        judged.verdict,
        score // FALSE_WEIGHT,
        score % FALSE_WEIGHT,
        tuple(judged.leaves),
        tuple(judged.path),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    verdict: Verdict
    score: int
    leaves: list[LeafResult]
    path: list[LeafResult]


def _judge(node: Node, facts: Facts, *, negated: bool) -> _Judged:
    if isinstance(node, Negation):
        return _judge(node.part, facts, negated=not negated)
    if isinstance(node, Leaf):
        fact = facts.get(node.feature, MISSING)
        per = facts.get(node.per, MISSING) if node.per else None
        verdict = leaf_verdict(node, fact, per)
        verdict = _opposite(verdict) if negated else verdict
        result = LeafResult(node, fact, per, verdict, negated)
        return _Judged(verdict, _WEIGHTS[verdict], [result], [result])
    parts = [_judge(part, facts, negated=negated) for part in node.parts]
    leaves = [leaf for part in parts for leaf in part.leaves]
    verdicts = [part.verdict for part in parts]
    # NOT is pushed down: not all(a, b) is any(not a, not b).
    if (node.kind == "all") != negated:
        verdict = _least(verdicts, Verdict.FALSE, Verdict.TRUE)
        path = [leaf for part in parts for leaf in part.path]
        return _Judged(verdict, sum(part.score for part in parts), leaves, path)
    nearest = min(parts, key=lambda part: part.score)
    verdict = _least(verdicts, Verdict.TRUE, Verdict.FALSE)
    return _Judged(verdict, nearest.score, leaves, nearest.path)


_WEIGHTS = {Verdict.TRUE: 0, Verdict.UNKNOWN: UNKNOWN_WEIGHT, Verdict.FALSE: FALSE_WEIGHT}


def _least(verdicts: list[Verdict], decides: Verdict, otherwise: Verdict) -> Verdict:
    if decides in verdicts:
        return decides
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else otherwise


def _opposite(verdict: Verdict) -> Verdict:
    return {Verdict.TRUE: Verdict.FALSE, Verdict.FALSE: Verdict.TRUE}.get(verdict, verdict)


def leaf_verdict(leaf: Leaf, fact: Fact, per: Fact | None) -> Verdict:
    """Judge one condition; whatever is missing makes it unknown."""
    if fact.value is None or (per is not None and not isinstance(per.value, int)):
        return Verdict.UNKNOWN
    held = _holds(leaf, fact, per)
    if held is None:
        return Verdict.UNKNOWN
    return Verdict.TRUE if held else Verdict.FALSE


def _holds(leaf: Leaf, fact: Fact, per: Fact | None) -> bool | None:
    value = fact.value
    if leaf.op in SET_OPS:
        return (str(value) in leaf.texts) == (leaf.op == "in")
    if leaf.op in CODE_OPS:
        return str(value).startswith(leaf.texts) == (leaf.op == "under")
    if leaf.op in FLAG_OPS:
        return bool(value) == leaf.flag
    if leaf.op in DATE_OPS:
        return _on_side(leaf, value)
    if not isinstance(value, int) or leaf.bound is None:
        return None
    # Both sides in steps of their kind, so that units need not be equal.
    left, right = value * (steps_in(leaf.unit) // SCALE), leaf.bound.steps
    if per is None:
        return _COMPARE[leaf.op](left, right)
    # left / base against the bound; a base of zero or less has no ratio.
    base = per.value
    if not isinstance(base, int) or base <= 0:
        return None
    base *= steps_in(leaf.per_unit) // SCALE
    return _COMPARE[leaf.op](left * steps_in(""), right * base)


def _on_side(leaf: Leaf, value: object) -> bool | None:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return None
    if leaf.day is None:
        return None
    return day >= leaf.day if leaf.op == "on_or_after" else day <= leaf.day

"""Rules that are well formed and yet say nothing: contradictions, and what missing data decides."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from math import prod

from profiles.rules.evaluate import evaluate
from profiles.rules.facts import Book
from profiles.rules.measures import Constant, Day
from profiles.rules.nodes import (
    Between,
    Compare,
    Holds,
    Is,
    Known,
    Leaf,
    Negation,
    Node,
    OneOf,
    Question,
    Rule,
    Verdict,
)
from profiles.rules.places import wrong

# More ways to fulfil a rule than this are not looked through one by one.
MOST_WAYS = 2_000
_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}
Way = tuple[tuple[Question, bool], ...]


def refuse_senseless(rule: Rule) -> None:
    """Raise RuleError for a rule nobody can fulfil, or one that missing data decides."""
    _refuse_contradictions(rule.when, "when")
    empty = evaluate(rule, Book(date(2024, 12, 31)))
    if empty.verdict is Verdict.TRUE:
        raise wrong("when", "什么数据都没有的企业也会符合：请至少要求一项必须有数据的条件。")
    if empty.verdict is Verdict.FALSE:
        raise wrong(
            "when",
            "缺数据的企业会被直接判为不符合（只有 known 不会“未知”）：请另写需要数据的条件。",
        )


def _refuse_contradictions(node: Node, place: str, *, negated: bool = False) -> None:
    """Name the smallest part that nobody can fulfil, as it is meant where it stands."""
    if isinstance(node, Negation):
        return _refuse_contradictions(node.part, f"{place}.not", negated=not negated)
    if not isinstance(node, Leaf):
        for number, part in enumerate(node.parts):
            _refuse_contradictions(part, f"{place}.{node.kind}[{number}]", negated=negated)
        ways = _ways(node, negated=negated)
        if ways is not None and not any(_possible(way) for way in ways):
            raise wrong(place, "这些条件互相矛盾，没有企业能同时满足。")
    return None


def _ways(node: Node, *, negated: bool) -> list[Way] | None:
    """Return every set of conditions that fulfils a tree; None where there are too many."""
    if isinstance(node, Negation):
        return _ways(node.part, negated=not negated)
    if isinstance(node, Leaf):
        return [((node.question, not negated),)]
    parts: list[list[Way]] = []
    for one in node.parts:
        found = _ways(one, negated=negated)
        if found is None:
            return None
        parts.append(found)
    if (node.kind == "any") != negated:
        either = [way for ways in parts for way in ways]
        return either if len(either) <= MOST_WAYS else None
    if prod(len(ways) for ways in parts) > MOST_WAYS:
        return None
    return [tuple(question for way in chosen for question in way) for chosen in product(*parts)]


@dataclass(slots=True)
class _Bounds:
    """What is left for one value: between two bounds, each in or out, less some points."""

    low: tuple[Fraction, bool] | None = None
    high: tuple[Fraction, bool] | None = None
    barred: set[Fraction] = field(default_factory=set)

    def narrow(self, op: str, bound: Fraction) -> None:
        """Take one comparison into account."""
        if op == "ne":
            self.barred.add(bound)
        if op in ("ge", "gt", "eq"):
            low = (bound, op == "gt")
            self.low = low if self.low is None else max(self.low, low)
        if op in ("le", "lt", "eq"):
            high = (bound, op != "lt")
            self.high = high if self.high is None else min(self.high, high)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left."""
        if self.low is None or self.high is None:
            return False
        (low, open_low), (high, closed_high) = self.low, self.high
        if low == high:
            return open_low or not closed_high or low in self.barred
        return low > high


def _possible(way: Way) -> bool:
    """Say whether some enterprise could fulfil all of these conditions at once."""
    bounds: dict[object, _Bounds] = {}
    said: dict[object, bool] = {}
    allowed: dict[str, set[str]] = {}
    for question, held in way:
        if isinstance(question, Is):
            about, verdict = (question.feature, question.window), held is question.wanted
            if said.setdefault(about, verdict) is not verdict:
                return False
        if isinstance(question, Holds | Known) and said.setdefault(question, held) is not held:
            return False
        if isinstance(question, OneOf) and held:
            texts = set(question.codes or question.texts)
            allowed[question.feature] = allowed.get(question.feature, texts) & texts
        for of, op, bound in _comparisons(question, held):
            bounds.setdefault(of, _Bounds()).narrow(op, bound)
    for question, held in way:
        if isinstance(question, OneOf) and not held and question.feature in allowed:
            allowed[question.feature] -= set(question.codes or question.texts)
    return all(allowed.values()) and not any(one.is_empty for one in bounds.values())


def _comparisons(question: Question, held: bool) -> list[tuple[object, str, Fraction]]:
    """Return what a condition says of one value against fixed numbers."""
    if isinstance(question, Compare) and (bound := _fixed(question.right)) is not None:
        return [(question.left, question.op if held else _OPPOSITE[question.op], bound)]
    if isinstance(question, Between) and held:
        low, high = _fixed(question.low), _fixed(question.high)
        found: list[tuple[object, str, Fraction]] = []
        if low is not None:
            found.append((question.of, "ge" if question.edges[0] == "[" else "gt", low))
        if high is not None:
            found.append((question.of, "le" if question.edges[1] == "]" else "lt", high))
        return found
    return []


def _fixed(value: object) -> Fraction | None:
    if isinstance(value, Constant):
        return value.exact
    if isinstance(value, Day) and value.on is not None:
        return Fraction((value.on - date.min) // timedelta(days=1))
    return None

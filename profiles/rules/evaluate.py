"""The plain interpreter: a verdict, the way to it, and how far it is."""

from dataclasses import dataclass

from profiles.rules.conditions import Answer, answer
from profiles.rules.facts import Book, Lack
from profiles.rules.nodes import Leaf, Negation, Node, Rule, Value, Verdict
from profiles.rules.series import Seen
from profiles.rules.values import Asked, Crowd, read

# One integer carries the verdict and both counts of the cheapest path: a failing condition
# weighs more than all unknown ones; all = sum, any = minimum.
UNKNOWN_WEIGHT, FALSE_WEIGHT = 1, 1 << 16
_WEIGHTS = {Verdict.TRUE: 0, Verdict.UNKNOWN: UNKNOWN_WEIGHT, Verdict.FALSE: FALSE_WEIGHT}
_OPPOSITE = {Verdict.TRUE: Verdict.FALSE, Verdict.FALSE: Verdict.TRUE}


@dataclass(frozen=True, slots=True)
class LeafResult:
    """One condition with what it was judged on.

    `verdict` is what it means where it stands: under a `not` it is turned round.
    """

    leaf: Leaf
    answer: Answer
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

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Everything that is unknown on the path, once."""
        unknown = [one for one in self.path if one.verdict is Verdict.UNKNOWN]
        return tuple(dict.fromkeys(lack for one in unknown for lack in one.answer.lacks))


def evaluate(rule: Rule, book: Book, crowd: Crowd | None = None) -> Outcome:
    """Judge one enterprise by one rule; `crowd` is among whom it is ranked and compared."""
    judged = _judge(rule.when, Asked(book, rule.period, verdict_of, crowd), negated=False)
    score = judged.score
    return Outcome(
        judged.verdict,
        score // FALSE_WEIGHT,
        score % FALSE_WEIGHT,
        tuple(judged.leaves),
        tuple(judged.path),
    )


def value_of(rule: Rule, value: Value, book: Book, crowd: Crowd | None = None) -> Seen:
    """Return a value of one enterprise with the periods of a rule, in smallest steps."""
    return read(value, Asked(book, rule.period, verdict_of, crowd))


def verdict_of(node: Node, asked: Asked) -> Verdict:
    """Judge a tree that stands inside a value."""
    return _judge(node, asked, negated=False).verdict


@dataclass(frozen=True, slots=True)
class _Judged:
    verdict: Verdict
    score: int
    leaves: list[LeafResult]
    path: list[LeafResult]


def _judge(node: Node, asked: Asked, *, negated: bool) -> _Judged:
    if isinstance(node, Negation):
        return _judge(node.part, asked, negated=not negated)
    if isinstance(node, Leaf):
        found = answer(node.question, asked)
        verdict = _OPPOSITE.get(found.verdict, found.verdict) if negated else found.verdict
        result = LeafResult(node, found, verdict, negated)
        return _Judged(verdict, _WEIGHTS[verdict], [result], [result])
    parts = [_judge(part, asked, negated=negated) for part in node.parts]
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


def _least(verdicts: list[Verdict], decides: Verdict, otherwise: Verdict) -> Verdict:
    if decides in verdicts:
        return decides
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else otherwise

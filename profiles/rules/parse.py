"""From JSON to a rule, with a sentence and a place for every mistake its author can make."""

from collections.abc import Callable
from functools import partial
from typing import Any

from profiles.rules.catalogue import Catalogue
from profiles.rules.checks import refuse_senseless
from profiles.rules.nodes import Group, Leaf, Negation, Node, Question, Rule, Value
from profiles.rules.parse_leaves import Questions
from profiles.rules.parse_values import Values
from profiles.rules.places import gather, mapping, several, word, wrong
from profiles.rules.windows import PERIODS, Period

VERSION = 2
MAX_DEPTH = 24
MAX_NODES = 2_000
SUBJECTS = ("enterprise", "project")
KEYS = ("version", "subject", "period", "fresh", "when")


class Reader:
    """Reads trees of conditions; counts how deep and how many, over all its parts."""

    def __init__(self, catalogue: Catalogue, above: "Reader | None" = None) -> None:
        self.catalogue = catalogue
        self.size: list[int] = above.size if above is not None else [0, 0]
        self.values = Values(catalogue, self)
        self.questions = Questions(catalogue, self.values, self)

    def of(self, catalogue: Catalogue) -> "Reader":
        """Return a reader for what belongs to the subject."""
        return Reader(catalogue, self)

    def number(self, raw: Any, place: str) -> Value:
        """Return a value that is no day."""
        return self.values.number(raw, place)

    def deeper(self, place: str) -> None:
        """Go one step down; raises RuleError beyond what anybody can read."""
        self.size[0] += 1
        self.size[1] += 1
        if self.size[0] > MAX_DEPTH:
            raise wrong(place, f"嵌套超过 {MAX_DEPTH} 层，请拆开写。")
        if self.size[1] > MAX_NODES:
            raise wrong(place, f"一条规则最多写 {MAX_NODES} 处，请拆成几条。")

    def back(self) -> None:
        """Come one step up."""
        self.size[0] -= 1

    def read(self, raw: Any, place: str) -> Node:
        """Return a tree; raises RuleError with every problem in it."""
        self.deeper(place)
        try:
            return self._node(raw, place)
        finally:
            self.back()

    def _node(self, raw: Any, place: str) -> Node:
        if not isinstance(raw, dict):
            raise wrong(place, "这里要写一个条件，或一组条件（all、any、not）。")
        for kind in ("all", "any"):
            if kind in raw:
                mapping(raw, place, (kind,))
                parts = several(raw[kind], f"{place}.{kind}")
                calls = [
                    partial(self.read, part, f"{place}.{kind}[{number}]")
                    for number, part in enumerate(parts)
                ]
                return Group(kind, gather(calls))
        if "not" in raw:
            mapping(raw, place, ("not",))
            return Negation(self.read(raw["not"], f"{place}.not"))
        return self.leaf(raw, place)

    def leaf(self, raw: Any, place: str) -> Leaf:
        """Return one condition."""
        kinds: dict[str, Callable[[dict[str, Any], str], Question]] = self.questions.kinds
        found = [kind for kind in kinds if isinstance(raw, dict) and kind in raw]
        if not found:
            raise wrong(place, f"不认识这个条件。可用：{'、'.join(kinds)}，或 all、any、not。")
        return Leaf(kinds[found[0]](raw, place), _cites(raw.get("cites"), f"{place}.cites"))


def _cites(raw: Any, place: str) -> tuple[int, int] | None:
    if raw is None:
        return None
    numbers = isinstance(raw, list) and [type(one) for one in raw] == [int, int]
    if not numbers or not 0 <= raw[0] < raw[1]:
        raise wrong(place, "这里写条款原文的起止字位，如 [12, 20]。")
    return raw[0], raw[1]


def parse(rule: Any, *, catalogue: Catalogue) -> Rule:
    """Return a rule, typed against everything that may be asked.

    Raises RuleError with a problem for each mistake: what does not exist, unlike kinds, an
    illegal value, a code of another tree, a contradiction, a rule that missing data decides.
    """
    if not isinstance(rule, dict) or rule.get("version") != VERSION:
        raise wrong("", f"规则要写明版本：在最外层写 “version”: {VERSION}。")
    mapping(rule, "", KEYS, ("when",))
    subject = word(rule.get("subject", "enterprise"), "subject", SUBJECTS, "对象")
    word(rule.get("fresh", "default"), "fresh", ("default",), "时效")
    period = _period(rule.get("period", {}))
    known = catalogue
    if subject != "enterprise":
        known = catalogue.of(word(subject, "subject", catalogue.subjects, "对象"))
    when = Reader(known).read(rule["when"], "when")
    read = Rule(when, subject, period)
    refuse_senseless(read)
    return read


def _period(raw: Any) -> Period:
    mapping(raw, "period", PERIODS)
    names = []
    for letter, name in raw.items():
        place = f"period.{letter}"
        if letter == "Y" and type(name) is int and 1900 < name < 2200:
            names.append((letter, str(name)))
            continue
        names.append((letter, word(name, place, PERIODS[letter], "时期")))
    return Period(tuple(sorted(names)))


def parse_value(raw: Any, place: str, *, catalogue: Catalogue) -> Value:
    """Return one value, as benefits and columns use it; raises RuleError."""
    return Reader(catalogue).values.read(raw, place)

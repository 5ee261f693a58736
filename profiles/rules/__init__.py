"""The rule language: questions about a profile, asked of facts, answered with reasons.

Plain Python: no Django, no database, no clock. A rule is a small JSON tree (`all`, `any`,
`not`, leaf); nothing of it is ever executed as code.
"""

from profiles.rules.evaluate import LeafResult, Outcome, evaluate
from profiles.rules.facts import Fact, Facts
from profiles.rules.features import Catalogue, FeatureType, Shape
from profiles.rules.nodes import Node, Verdict
from profiles.rules.parse import RuleError, parse
from profiles.rules.words import sentence

__all__ = [
    "Catalogue",
    "Fact",
    "Facts",
    "FeatureType",
    "LeafResult",
    "Node",
    "Outcome",
    "RuleError",
    "Shape",
    "Verdict",
    "evaluate",
    "parse",
    "sentence",
]

"""The rule language: questions about a profile, asked of facts, answered with reasons.

Plain Python: no Django, no database, no clock. A rule is a small JSON tree (`all`, `any`,
`not`, leaf); nothing of it is ever executed as code. What it means, and what was decided where
the design was silent, stands in docs/decisions/0012-the-rule-language.md.
"""

from profiles.rules.catalogue import (
    Catalogue,
    CodeTree,
    EventType,
    FeatureType,
    ListType,
    ParamType,
    Shape,
)
from profiles.rules.evaluate import LeafResult, Outcome, evaluate, value_of
from profiles.rules.facts import Amount, Book, Lack, Listing, Point, Source, Spell, Why
from profiles.rules.nodes import Leaf, Node, Rule, Value, Verdict, events_of, features_of, leaves_of
from profiles.rules.parse import parse, parse_value
from profiles.rules.places import Problem, RuleError
from profiles.rules.schema import schema
from profiles.rules.values import Crowd
from profiles.rules.words import Words, lack_words, sentence

__all__ = [
    "Amount",
    "Book",
    "Catalogue",
    "CodeTree",
    "Crowd",
    "EventType",
    "FeatureType",
    "Lack",
    "Leaf",
    "LeafResult",
    "ListType",
    "Listing",
    "Node",
    "Outcome",
    "ParamType",
    "Point",
    "Problem",
    "Rule",
    "RuleError",
    "Shape",
    "Source",
    "Spell",
    "Value",
    "Verdict",
    "Why",
    "Words",
    "evaluate",
    "events_of",
    "features_of",
    "lack_words",
    "leaves_of",
    "parse",
    "parse_value",
    "schema",
    "sentence",
    "value_of",
]

"""The tree of a rule."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from crm.common.quantity import Quantity

NUMBER_OPS = {"lt", "le", "gt", "ge", "eq", "ne"}
DATE_OPS = {"on_or_after", "on_or_before"}
SET_OPS = {"in", "not_in"}
CODE_OPS = {"under", "not_under"}
FLAG_OPS = {"is"}


class Verdict(Enum):
    """Three values: missing is unknown, never false (Kleene)."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition: a feature compared with a bound.

    With `per` the left side is the ratio of two features; the comparison is made by
    cross-multiplication, so that nothing is lost to rounding. `bound` is written in the
    author's unit (of a ratio: a share); `unit` and `per_unit` are those of the features.
    """

    bound: Quantity | None
    feature: str
    op: str
    per: str = ""
    unit: str = ""
    per_unit: str = ""
    day: date | None = None
    texts: tuple[str, ...] = ()
    flag: bool = True
    cites: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """`all` or `any` of its parts."""

    kind: str
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """The opposite of its part; unknown stays unknown."""

    part: "Node"


Node = Leaf | Group | Negation

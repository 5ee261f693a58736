"""The tree of a rule: values, conditions about them, and what joins conditions."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import Enum

from profiles.rules.measures import COUNT, DAY, SHARE, Constant, Day, Measure
from profiles.rules.windows import Period, Window


class Verdict(Enum):
    """Three values: missing is unknown, never false (Kleene)."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


# --- values -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Series:
    """A feature in a window (none: its newest value), added up as the catalogue or `agg` says."""

    feature: str
    unit: str
    measure: Measure
    window: Window | None = None
    agg: str = "last"
    kind: str = "snapshot"
    fresh_days: int | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """Growth (a share) or increment of a value over the same one in another window."""

    how: str
    now: "Value"
    base: "Value"
    vs: str

    @property
    def measure(self) -> Measure:
        """A share for growth, what is measured for an increment."""
        return SHARE if self.how == "growth" else self.now.measure


@dataclass(frozen=True, slots=True)
class Ratio:
    """One value over another; unknown on a base that is not above zero."""

    top: "Value"
    base: "Value"

    @property
    def measure(self) -> Measure:
        """A share of like values, else one kind per another."""
        same = self.top.measure == self.base.measure
        return SHARE if same else Measure(self.top.measure.kind, self.base.measure.kind)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """add, sub, min, max of like values; times multiplies the first by a share."""

    op: str
    parts: tuple["Value", ...]

    @property
    def measure(self) -> Measure:
        """That of its first part."""
        return self.parts[0].measure


@dataclass(frozen=True, slots=True)
class Param:
    """A dated number of the city, as of the end of a window."""

    name: str
    measure: Measure
    window: Window
    by: str = ""


@dataclass(frozen=True, slots=True)
class Rank:
    """The place of a value among those who fulfil `within` (none: everybody), 1 is first.

    `measure` is what is ranked; the place itself is a count.
    """

    of: "Value"
    within: "Node | None" = None
    order: str = "desc"
    ties: str = "all"

    measure = COUNT


@dataclass(frozen=True, slots=True)
class Population:
    """Mean or median of a value over those who fulfil `within`; unknown below `coverage`."""

    what: str
    of: "Value"
    within: "Node | None"
    coverage: Constant

    @property
    def measure(self) -> Measure:
        """That of the value."""
        return self.of.measure


@dataclass(frozen=True, slots=True)
class EventValue:
    """The first or last day of an event at one of some levels, or how often it happened."""

    event: str
    levels: tuple[str, ...]
    get: str

    @property
    def measure(self) -> Measure:
        """A day, or a count."""
        return COUNT if self.get == "count" else DAY


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid by a clause or a tag in a window, from this city or any level."""

    tag: str
    window: Window
    by: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class OfEach:
    """A sum over, or the number of, what belongs to the enterprise (projects)."""

    each: str
    of: "Value | None"
    where: "Node | None"

    @property
    def measure(self) -> Measure:
        """That of what is added; a count where nothing is."""
        return self.of.measure if self.of is not None else COUNT


Value = (
    Constant
    | Day
    | Series
    | Against
    | Ratio
    | Arithmetic
    | Param
    | Rank
    | Population
    | EventValue
    | Paid
    | OfEach
)


# --- conditions ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compare:
    """lt, le, gt, ge, eq or ne of two like values."""

    op: str
    left: Value
    right: Value


@dataclass(frozen=True, slots=True)
class Between:
    """A value between two; `edges` says which of them belong to it: [], [), (], ()."""

    of: Value
    low: Value
    high: Value
    edges: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A category's value is one of some; with `under`, a code stands below one of some."""

    feature: str
    texts: tuple[str, ...]
    under: bool = False
    codes: frozenset[str] = frozenset()
    fresh_days: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The enterprise, or a code of it, stands on a list in force at the end of a window."""

    name: str
    key: str
    window: Window | None


@dataclass(frozen=True, slots=True)
class Is:
    """A yes or no; absence needs evidence, so a stale one is unknown."""

    feature: str
    wanted: bool
    window: Window | None
    fresh_days: int | None = None


@dataclass(frozen=True, slots=True)
class Holds:
    """A qualification stands on a day, at one of some levels."""

    event: str
    levels: tuple[str, ...]
    on: Day


@dataclass(frozen=True, slots=True)
class Became:
    """A qualification or level was reached within a window; `first` ever or again as well."""

    event: str
    levels: tuple[str, ...]
    window: Window
    first: bool = False


@dataclass(frozen=True, slots=True)
class When:
    """A day lies within a window."""

    of: Value
    window: Window


@dataclass(frozen=True, slots=True)
class Within:
    """A day lies at most so long after (or before) another, never on its other side."""

    months: int
    days: int
    of: Value
    side: str
    anchor: Value
    text: str


@dataclass(frozen=True, slots=True)
class FirstReach:
    """A value reaches a bound for the first time in a window, counted from a year on."""

    of: Value
    bound: Constant
    window: Window
    since: int
    reentry: bool
    gaps: str


@dataclass(frozen=True, slots=True)
class Streak:
    """A condition holds in each of the last n years, quarters or months."""

    part: "Leaf"
    of: str
    n: int


@dataclass(frozen=True, slots=True)
class Attested:
    """What only a named person of a department says, with a file; unknown until then."""

    text: str
    by: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Known:
    """A value is there at all; the only condition that is never unknown."""

    of: Value


Question = (
    Compare
    | Between
    | OneOf
    | Listed
    | Is
    | Holds
    | Became
    | When
    | Within
    | FirstReach
    | Streak
    | Attested
    | Known
)


# --- the tree -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition, tied to a span of characters of the clause's words, if to any."""

    question: Question
    cites: tuple[int, int] | None = None


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


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: whom it is asked of, what Y, Q and M mean, and its conditions."""

    when: Node
    subject: str = "enterprise"
    period: Period = field(default_factory=Period)


def leaves_of(node: Node) -> list[Leaf]:
    """Return every condition of a tree, in its order."""
    if isinstance(node, Leaf):
        return [node]
    if isinstance(node, Negation):
        return leaves_of(node.part)
    return [leaf for part in node.parts for leaf in leaves_of(part)]


def inside(part: object) -> Iterator[object]:
    """Yield a part of a tree and everything in it, of whatever sort."""
    yield part
    if isinstance(part, tuple):
        for one in part:
            yield from inside(one)
    elif type(part).__module__ == __name__ and hasattr(part, "__dataclass_fields__"):
        for one in fields(part):  # type: ignore[arg-type]
            yield from inside(getattr(part, one.name))


def features_of(part: object) -> set[str]:
    """Return every feature of the enterprise itself that a rule, tree or value reads."""
    found: set[str] = set()
    for one in inside(part):
        if isinstance(one, Series | OneOf | Is):
            found.add(one.feature)
        if isinstance(one, Listed) and one.key != "enterprise":
            found.add(one.key)
    return found


def events_of(part: object) -> set[str]:
    """Return every event or qualification that a rule, tree or value reads."""
    return {one.event for one in inside(part) if isinstance(one, EventValue | Holds | Became)}

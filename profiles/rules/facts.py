"""Facts: what is known of one enterprise, each with its source and date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Point:
    """One reported value of a period. Numbers are integers of a ten-thousandth of their unit."""

    start: date
    end: date
    value: int | str | bool | date
    source: str = ""


@dataclass(frozen=True, slots=True)
class Spell:
    """A qualification at a level from a day on (unknown: None), until a day or open."""

    since: date | None
    until: date | None = None
    level: str = ""
    source: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One entry of a list: what stands on it, from when until when."""

    key: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A dated amount: a payment, or the value of a parameter from a day on (smallest steps)."""

    on: date
    steps: Fraction
    by: str = ""


class Why(Enum):
    """Why something is unknown."""

    MISSING = "missing"
    STALE = "stale"
    WITHHELD = "withheld"
    BASE = "base"
    UNDATED = "undated"
    POPULATION = "population"
    ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing of what, for which time, and who owes it."""

    what: str
    why: Why
    owner: str = ""
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from: the department, and the last day of its period."""

    what: str
    department: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Book:
    """Everything known of one enterprise on a day.

    A key that is absent was never reported; a qualification, list or payment with an empty
    sequence was: there is none. `withheld` are features that are confidential and to whose use
    the enterprise has not consented; `owners` names who owes a feature or an event.
    """

    as_of: date
    points: Mapping[str, Sequence[Point]] = field(default_factory=dict)
    spells: Mapping[str, Sequence[Spell]] = field(default_factory=dict)
    lists: Mapping[str, Sequence[Listing]] = field(default_factory=dict)
    params: Mapping[str, Sequence[Amount]] = field(default_factory=dict)
    paid: Mapping[str, Sequence[Amount]] = field(default_factory=dict)
    attested: Mapping[str, bool] = field(default_factory=dict)
    children: Mapping[str, "Sequence[Book]"] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    withheld: frozenset[str] = frozenset()
    key: str = ""

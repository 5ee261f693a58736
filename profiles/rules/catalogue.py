"""What a rule may ask for, typed: features, events, lists, parameters, payments, subjects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from crm.common.quantity import Kind, kind_of
from profiles.rules.measures import DAY, Measure, measured


class Shape(StrEnum):
    """What a feature's value looks like, and so how it may be asked."""

    NUMBER = "数字"
    FLAG = "是否"
    DATE = "日期"
    TEXT = "类别"


@dataclass(frozen=True, slots=True)
class CodeTree:
    """Codes with the one above each, and their names (industries, areas); read when asked."""

    read: Callable[[], Mapping[str, str]]
    names: Callable[[], Mapping[str, str]] = dict

    def under(self, root: str) -> frozenset[str] | None:
        """Return a code with all below it; None for a code that is not of this tree."""
        above = self.read()
        if root not in above:
            return None
        found = {root}
        for code in above:
            way = [code]
            while way[-1] and way[-1] not in found:
                way.append(above.get(way[-1], ""))
            if way[-1]:
                found.update(way)
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class FeatureType:
    """A feature: its shape, unit, legal values, owner, how long it is fresh, how it adds up.

    `period` is month, quarter, year, or snapshot (as of a day); `aggregation` sum, last or avg.
    A value that is asked for without a window is stale `fresh_days` after its day.
    """

    shape: Shape
    unit: str = ""
    label: str = ""
    label_en: str = ""
    owner: str = ""
    period: str = "snapshot"
    aggregation: str = "last"
    fresh_days: int | None = None
    legal_values: tuple[str, ...] = ()
    tree: CodeTree | None = None

    @property
    def kind(self) -> Kind | None:
        """What its numbers measure; None where it has none."""
        return kind_of(self.unit) if self.shape is Shape.NUMBER else None

    @property
    def measure(self) -> Measure:
        """What it measures as a value; a day for dates."""
        return measured(self.unit) if self.shape is Shape.NUMBER else DAY

    def named(self, lang: str) -> str:
        """Return its name in a language."""
        return self.label if lang == "zh" else self.label_en or self.label


@dataclass(frozen=True, slots=True)
class EventType:
    """A qualification or an event; `levels` from the lowest to the highest, if it has any."""

    label: str
    label_en: str = ""
    owner: str = ""
    levels: tuple[str, ...] = ()

    def named(self, lang: str) -> str:
        """Return its name in a language."""
        return self.label if lang == "zh" else self.label_en or self.label


@dataclass(frozen=True, slots=True)
class ListType:
    """A published list: of enterprises, or of codes of a feature (`keys`)."""

    label: str
    owner: str = ""
    keys: tuple[str, ...] = ("enterprise",)
    label_en: str = ""

    def named(self, lang: str) -> str:
        """Return its name in a language."""
        return self.label if lang == "zh" else self.label_en or self.label


@dataclass(frozen=True, slots=True)
class ParamType:
    """A dated number of the city: minimum wage, coefficient, exchange rate."""

    label: str
    unit: str
    by: tuple[str, ...] = ()


Features = Mapping[str, FeatureType]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that may be asked of an enterprise, and of what belongs to it (`subjects`)."""

    features: Features
    events: Mapping[str, EventType] = field(default_factory=dict)
    lists: Mapping[str, ListType] = field(default_factory=dict)
    params: Mapping[str, ParamType] = field(default_factory=dict)
    payments: Mapping[str, str] = field(default_factory=dict)
    subjects: Mapping[str, Features] = field(default_factory=dict)

    def of(self, subject: str) -> "Catalogue":
        """Return the catalogue as asked of one child subject."""
        return Catalogue(
            self.subjects[subject], self.events, self.lists, self.params, self.payments, {}
        )

"""Figures: every number of a bulletin is a measure over declared rows in a window."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from django.db.models import Count as SqlCount
from django.db.models import Q, QuerySet
from django.db.models import Sum as SqlSum
from django.utils.functional import Promise

from crm.common.days.clock import local_date, month_bounds
from crm.common.quantity import Kind, Quantity, half_up, steps_in

Rows = Callable[[datetime], QuerySet[Any]]
# What is counted in 分, working days or shares of one; None where nobody reported anything.
Value = int | Fraction | None
# A measure of rows, by the values of a column or, without one, under the key "".
Measure = Callable[[QuerySet[Any], str], dict[Any, Value]]

# The unit a measure counts in, the unit it is shown in, and with how many places.
_SHOWN: dict[Kind, tuple[str, str, int]] = {
    Kind.COUNT: ("个", "个", 0),
    Kind.PEOPLE: ("人", "人", 0),
    Kind.MONEY: ("分", "万元", 2),
    Kind.WORKDAYS: ("工作日", "工作日", 1),
    Kind.SHARE: ("", "%", 1),
}


class Window(StrEnum):
    """Which rows count: all up to the cut-off, or those of the month that ends with it."""

    UNTIL = "until"
    MONTH = "month"


def month_before(cutoff: datetime) -> tuple[datetime, datetime]:
    """Return the bounds of the month that a cut-off ends: its first moment, and the cut-off."""
    return month_bounds(local_date(cutoff - timedelta(microseconds=1)))[0], cutoff


def _grouped(rows: QuerySet[Any], by: str, **wanted: Any) -> dict[Any, dict[str, Any]]:
    plain = rows.order_by()
    if not by:
        return {"": plain.aggregate(**wanted)}
    return {row.pop(by): row for row in plain.values(by).annotate(**wanted)}


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, or how many different values of a column."""

    of: str = ""

    def __call__(self, rows: QuerySet[Any], by: str = "") -> dict[Any, Value]:
        """Count."""
        counted = SqlCount(self.of, distinct=True) if self.of else SqlCount("*")
        return {key: row["found"] for key, row in _grouped(rows, by, found=counted).items()}


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column of integers; without rows nobody reported, which is not zero."""

    of: str

    def __call__(self, rows: QuerySet[Any], by: str = "") -> dict[Any, Value]:
        """Add up."""
        found = _grouped(rows, by, found=SqlSum(self.of))
        return {key: row["found"] for key, row in found.items()}


@dataclass(frozen=True, slots=True)
class Ratio:
    """The share of the rows that fulfil a condition, exact; None of no rows."""

    part: Q

    def __call__(self, rows: QuerySet[Any], by: str = "") -> dict[Any, Value]:
        """Divide."""
        found = _grouped(rows, by, part=SqlCount("pk", filter=self.part), whole=SqlCount("pk"))
        return {
            key: Fraction(row["part"], row["whole"]) if row["whole"] else None
            for key, row in found.items()
        }


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of what a function says of each row; what says None is left out."""

    of: Callable[[Any], int | None]

    def __call__(self, rows: QuerySet[Any], by: str = "") -> dict[Any, Value]:
        """Find the middle."""
        said: dict[Any, list[int]] = defaultdict(list)
        for row in rows.iterator(chunk_size=2000):
            if (value := self.of(row)) is not None:
                said[_at(row, by)].append(value)
        found: dict[Any, Value] = {key: middle(values) for key, values in said.items()}
        return found if by else {"": found.get("")}


def middle(values: Iterable[int]) -> Fraction | None:
    """Return the median, exact: of an even number of values, the mean of the two in the middle."""
    ordered = sorted(values)
    if not ordered:
        return None
    half = len(ordered) // 2
    return Fraction(ordered[half] + ordered[-half - 1], 2)


def _at(row: Any, path: str) -> Any:
    for step in path.split("__") if path else ():
        row = getattr(row, step)
    return row if path else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as of a cut-off: its words, its unit, the rows it is measured over.

    `rows(cutoff)` returns the rows that existed before the cut-off moment; of a figure of the
    month, only those of `month_before(cutoff)`. `kind` says what is measured, `unit` names the
    unit it is shown in. `columns` are (field path, label) pairs shown when the number is
    opened, `area` the path to the area where rows know one, `missing` the records that should
    have reported and did not.
    """

    key: str
    label: str | Promise
    definition: str | Promise
    unit: str | Promise
    rows: Rows
    measure: Measure = Count()
    kind: Kind = Kind.COUNT
    window: Window = Window.UNTIL
    columns: tuple[tuple[str, str | Promise], ...] = ()
    area: str = ""
    missing: Rows | None = None

    @property
    def is_monthly(self) -> bool:
        """Whether the figure speaks of one month, not of all up to its end."""
        return self.window is Window.MONTH

    def value(self, cutoff: datetime) -> Value:
        """Measure the figure as of a cut-off."""
        return self.measure(self.rows(cutoff), "")[""]

    def by_area(self, cutoff: datetime) -> dict[str, Value]:
        """Measure the figure for each area that has rows; empty where rows know none."""
        return self.measure(self.rows(cutoff), self.area) if self.area else {}

    def did_not_report(self, cutoff: datetime) -> int:
        """Return how many should have reported and did not."""
        return self.missing(cutoff).count() if self.missing else 0

    def quantity(self, value: Value) -> Quantity | None:
        """Return a value as a quantity in the unit it is shown in."""
        if value is None:
            return None
        counted, shown, _places = _SHOWN[self.kind]
        return Quantity(half_up(Fraction(value) * steps_in(counted)), counted).to(shown)

    def shown(self, value: Value) -> Decimal | None:
        """Return a value in the unit it is shown in, rounded once, half up."""
        quantity = self.quantity(value)
        if quantity is None:
            return None
        places = _SHOWN[self.kind][2]
        return Decimal(half_up(quantity.exact * 10**places)).scaleb(-places)


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> Figure:
    """Declare a figure (in a room's figures.py)."""
    _figures[figure.key] = figure
    return figure


def get(key: str) -> Figure:
    """Return one figure; raises KeyError when no room declares it."""
    return _figures[key]


def all_figures() -> list[Figure]:
    """Return every declared figure."""
    return list(_figures.values())

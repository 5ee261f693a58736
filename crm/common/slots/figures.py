"""Figures: every number of a bulletin is a declared query with the rows behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

Rows = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as of a cut-off: its words, its unit, the query of its rows.

    `rows(cutoff)` returns the rows counted, those that existed before the cut-off moment;
    `count_of` names the column whose distinct values are counted where a row is not the unit.
    `columns` are (field path, label) pairs shown when the number is opened.
    """

    key: str
    label: str | Promise
    definition: str | Promise
    unit: str | Promise
    rows: Rows
    count_of: str = ""
    columns: tuple[tuple[str, str | Promise], ...] = ()

    def value(self, cutoff: datetime) -> int:
        """Count the figure as of a cut-off."""
        rows = self.rows(cutoff)
        if self.count_of:
            return rows.order_by().values(self.count_of).distinct().count()
        return rows.count()


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

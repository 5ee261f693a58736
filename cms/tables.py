"""The rows behind a figure of a bulletin, as a list like any other."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cms.selectors.bulletins import field_at, figure_rows, matching, parse_month, shown_to, value_at
from crm.common.days import clock
from crm.common.face import formatting
from crm.common.face.lists import Column, ListFilter, ListSpec, Phone, cells, register_family
from crm.common.slots.figures import Figure

FAMILY = "cms.figure"
PAGE_SIZE = 50


class FigureRowsFilter(ListFilter):
    """A search in the figure's columns of text."""

    figure: ClassVar[Figure]
    q = django_filters.CharFilter(method="search", label=_("Search"))

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Find the words in one of the columns."""
        return matching(self.figure, rows, value)


def key_of(month: str, figure: str) -> str:
    """Return the key of the list behind a figure of a month."""
    return f"{FAMILY}:{month}:{figure}"


def figure_list(name: str) -> ListSpec:
    """Build the list behind a figure from "2024-08:projects".

    Raises KeyError for an unknown figure, UserFacingError for a month that has not ended.
    """
    month, _colon, key = name.partition(":")
    figure, rows = figure_rows(key, parse_month(month, today=clock.today()))
    return ListSpec(
        key=key_of(month, key),
        title=f"{figure.label}-{month}",
        template="cms/figure_detail.html",
        columns=tuple(_columns(figure, rows)),
        rows=lambda actor: shown_to(actor, rows),
        filterset=type("FigureFilter", (FigureRowsFilter,), {"figure": figure}),
        page_size=PAGE_SIZE,
    )


def _columns(figure: Figure, rows: QuerySet[Any]) -> list[Column]:
    return [
        Column(
            path,
            label,
            value=_value(path),
            cell=_cell(path),
            sort=(path,) if field_at(rows.model, path) is not None else (),
            numeric=path.endswith("_fen"),
            optional=place > 0,
            phone=Phone.NAMED if place else Phone.MAIN,
        )
        for place, (path, label) in enumerate(figure.columns)
    ]


def _value(path: str) -> Callable[[Any], Any]:
    return lambda row: value_at(row, path)


def _cell(path: str) -> Callable[[Any], Any]:
    def draw(row: Any) -> Any:
        value = value_at(row, path)
        if isinstance(value, date | datetime):
            return cells.iso_day(value)
        return formatting.grouped(value) if isinstance(value, float) else value

    return draw


register_family(FAMILY, figure_list)

"""What a list page is, and the small parts its template draws."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django_filters import FilterSet

from crm.common.people.actor import Actor

PAGE_SIZES = (20, 50, 100)
RESERVED = frozenset({"page", "size", "sort", "cols", "format"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its cell is drawn by the page's template, `value` is what the XLSX gets.

    `sort` names the fields of the ascending order, without it the column cannot be ordered;
    a column that is not `optional` cannot be hidden, one not `shown` must be asked for.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    sort: tuple[str, ...] = ()
    numeric: bool = False
    optional: bool = True
    shown: bool = True
    css: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A view that everybody has, in front of the saved ones."""

    label: Any
    query: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What a list page is, independent of a request.

    `key` names the page for saved views; `partial` is the fragment of `template` that htmx
    swaps; `for_page` adds what only the rows on the screen need (prefetches, annotations).
    """

    key: str
    title: Any
    template: str
    columns: tuple[Column, ...]
    filterset: type[FilterSet] | None = None
    default_sort: str = ""
    partial: str = "list"
    page_size: int = PAGE_SIZES[0]
    for_page: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    presets: Callable[[Actor], list[Preset]] | None = None
    selectable: bool = False


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A column's head: its order now, and the address that orders by it."""

    column: Column
    aria_sort: str
    sort_url: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A preset or saved view in the row of views."""

    label: Any
    url: str
    current: bool
    count: int | None = None
    saved_id: int | None = None

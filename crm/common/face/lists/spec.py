"""What a list page is: columns that draw their cells, filters, views, actions on many rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import escape
from typing import Any

from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django_filters import Filter, FilterSet

from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor

PAGE_SIZES = (20, 50, 100)
# Above this an export is a job with progress; below it answers at once.
EXPORT_AT_ONCE = 2000
# Chosen rows are each handled by their own service call in one request: no more than this.
MOST_PICKED = 200
RESERVED = frozenset({"page", "size", "sort", "cols", "format", "fragment", "of"})


class ListFilter(FilterSet):
    """The filters of a list. Building their form costs more than all else on a quiet page."""

    @classmethod
    def at_rest(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return what the list shows when nothing is asked of its filters."""
        return rows


class Phone(StrEnum):
    """What a cell is on a phone, where a row becomes a card."""

    PLAIN = ""
    MAIN = "main"
    ACT = "act"
    NAMED = "named"
    HIDDEN = "as-only-d"


@dataclass(frozen=True, slots=True)
class Column:
    """One column, declared once: its head, its cell, its place on a phone, its value in an XLSX.

    `cell` returns what the row shows, escaped unless it is a SafeString; without it the value
    itself is written. `sort` names the fields of the ascending order, without it the column
    cannot be ordered; a column that is not `optional` cannot be hidden, one not `shown` must be
    asked for. `css` goes to head and cell, `cell_css` to the cell alone.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    cell: Callable[[Any], Any] | None = None
    sort: tuple[str, ...] = ()
    numeric: bool = False
    optional: bool = True
    shown: bool = True
    phone: Phone = Phone.PLAIN
    css: str = ""
    cell_css: str = ""

    @property
    def opening(self) -> SafeString:
        """The opening tag of this column's cells."""
        role = "" if self.phone is Phone.NAMED else str(self.phone)
        names = " ".join(filter(None, ("num" * self.numeric, role, self.css, self.cell_css)))
        css = format_html(' class="{}"', names) if names else ""
        key = format_html(' data-k="{}"', self.label) if self.phone is Phone.NAMED else ""
        return format_html("<td{}{}>", css, key)

    def draw(self, row: Any) -> str:
        """Return what a row shows in this column, safe for HTML."""
        drawn = (self.cell or self.value)(row)
        if isinstance(drawn, SafeString):
            return drawn
        return "" if drawn is None else escape(str(drawn))


def rows_in_html(columns: list[Column], rows: list[Any], first: Callable[[Any], str]) -> SafeString:
    """Draw the rows of a table; `first` draws what stands before the columns."""
    cells = [(column.opening, column.draw) for column in columns]
    return mark_safe(  # noqa: S308 - every part is escaped by the column or a SafeString
        "\n".join(
            f"<tr>{first(row)}"
            + "".join(f"{opening}{draw(row)}</td>" for opening, draw in cells)
            + "</tr>"
            for row in rows
        )
    )


@dataclass(frozen=True, slots=True)
class Preset:
    """A view that everybody has, in front of the saved ones."""

    label: Any
    query: str
    count: int | None = None


Worker = Callable[[Actor, Any, dict[str, Any], datetime], Any]


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to the rows picked on a list.

    `work` is called for each row with what the form `asks` for, in a transaction of its own; a
    UserFacingError is told beside the row's name and does not hold the others up. An action
    with `answer` instead takes all rows at once and returns the response.
    """

    key: str
    label: Any
    icon: str
    allowed: Callable[[Actor], bool]
    work: Worker | None = None
    answer: Callable[[Any, list[Any]], HttpResponse] | None = None
    asks: type[Form] | None = None


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What a list page is, independent of a request.

    `key` names the page for saved views; `rows` returns what an actor may see of it;
    `partial` is the fragment of `template` that htmx swaps; `for_page` adds what only the rows
    on the screen need (prefetches, annotations).
    """

    key: str
    title: Any
    template: str
    columns: tuple[Column, ...]
    rows: Callable[[Actor], QuerySet[Any]] | None = None
    filterset: type[ListFilter] | None = None
    default_sort: str = ""
    partial: str = "list"
    page_size: int = PAGE_SIZES[0]
    for_page: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    presets: Callable[[Actor], list[Preset]] | None = None
    bulk: tuple[BulkAction, ...] = ()


_specs: dict[str, ListSpec] = {}
_added: dict[str, dict[str, Filter]] = {}
_families: dict[str, Callable[[str], ListSpec]] = {}


def register(spec: ListSpec) -> ListSpec:
    """Make a list known by its key, so that a job can export it."""
    _specs[spec.key] = spec
    _join(spec)
    return spec


def add_filter(key: str, name: str, one: Filter) -> None:
    """Let a room above filter a list by what it knows of its rows, whichever is read first."""
    _added.setdefault(key, {})[name] = one
    if key in _specs:
        _join(_specs[key])


def _join(spec: ListSpec) -> None:
    if spec.filterset is not None:
        spec.filterset.base_filters.update(_added.get(spec.key, {}))


def register_family(prefix: str, build: Callable[[str], ListSpec]) -> None:
    """Make lists known that are built from what stands behind a colon in their key."""
    _families[prefix] = build


def spec_of(key: str) -> ListSpec:
    """Return a list by its key; raises KeyError when there is none."""
    prefix, colon, rest = key.partition(":")
    return _families[prefix](rest) if colon else _specs[key]


def rows_of(spec: ListSpec, actor: Actor) -> QuerySet[Any]:
    """Return all rows of a list the actor may see."""
    if spec.rows is None:
        raise KeyError(f"{spec.key} does not say what its rows are")
    return spec.rows(actor)


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A column's head: its order now, and the address that orders by it."""

    column: Column
    aria_sort: str
    sort_url: str

    @property
    def arrow(self) -> str:
        """The icon of the order, if the list is ordered by this column."""
        return {"ascending": "arrow-up", "descending": "arrow-down"}.get(self.aria_sort, "")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class FilterMenu:
    """A filter whose choices are loaded when it is opened; `held` are its values till then."""

    name: str
    label: str
    url: str
    held: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A preset or saved view in the row of views."""

    label: Any
    url: str
    current: bool
    count: int | None = None
    saved_id: int | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row an action left as it was, and why."""

    row: Model
    problem: UserFacingError

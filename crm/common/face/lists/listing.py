"""A list page for one request: rows, order, columns, addresses, filters in words, views."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.common.face.lists import filtering
from crm.common.face.lists.cells import safe
from crm.common.face.lists.spec import (
    PAGE_SIZES,
    BulkAction,
    Chip,
    Column,
    FilterMenu,
    HeadCell,
    ListFilter,
    ListSpec,
    ViewLink,
    rows_in_html,
)
from crm.common.face.models import SavedView
from crm.common.http import Request
from crm.common.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for, when no request is at hand: in a job."""

    GET: QueryDict
    path: str
    actor: Actor


class Listing:
    """A list page for one request; the template variable `listing`."""

    def __init__(self, request: Request | Asked, spec: ListSpec, queryset: QuerySet[Any]) -> None:
        self.request = request
        self.spec = spec
        self.actor: Actor = request.actor
        self._queryset = queryset

    @cached_property
    def filterset(self) -> ListFilter | None:
        """The filters with what the address asks of them; built when one is in use or opened."""
        build = self.spec.filterset
        if build is None:
            return None
        return build(self.request.GET, queryset=self._queryset, request=self.request)

    @cached_property
    def filter_names(self) -> list[str]:
        """The names of the filters."""
        return list(self.spec.filterset.base_filters) if self.spec.filterset else []

    @cached_property
    def in_use(self) -> bool:
        """Whether the address asks something of a filter."""
        return any(filtering.parameters(self.request.GET, name) for name in self.filter_names)

    # --- rows -------------------------------------------------------------
    @cached_property
    def filtered(self) -> QuerySet[Any]:
        """All rows that pass the filters, in the order asked for."""
        rows = self._asked_for()
        fields = self._order_fields()
        return rows.order_by(*fields) if fields else rows

    def _asked_for(self) -> QuerySet[Any]:
        if self.in_use and self.filterset:
            rows: QuerySet[Any] = self.filterset.qs
            return rows
        build = self.spec.filterset
        return build.at_rest(self._queryset) if build else self._queryset

    @cached_property
    def page(self) -> Page[Any]:
        """The page asked for; a number beyond the end shows the last one."""
        paginator: Paginator[Any] = Paginator(self.filtered, self.size)
        try:
            return paginator.page(self.request.GET.get("page", 1))
        except PageNotAnInteger:
            return paginator.page(1)
        except EmptyPage:
            return paginator.page(paginator.num_pages)

    @cached_property
    def rows(self) -> list[Any]:
        """The rows on the screen."""
        shown = self.page.object_list
        if self.spec.for_page and isinstance(shown, QuerySet):
            shown = self.spec.for_page(shown)
        return list(shown)

    @property
    def body(self) -> SafeString:
        """The rows on the screen, each cell drawn by its column."""
        return rows_in_html(self.columns, self.rows, _picker() if self.actions else _no_pick)

    @cached_property
    def actions(self) -> list[BulkAction]:
        """What the actor may do with the rows picked."""
        return [action for action in self.spec.bulk if action.allowed(self.actor)]

    @cached_property
    def action_menus(self) -> list[FilterMenu]:
        """The actions that ask for something; what they ask is loaded when they are opened."""
        return [
            FilterMenu(one.key, str(one.label), self.url(fragment="bulk", of=one.key), [])
            for one in self.actions
            if one.asks
        ]

    @property
    def plain_actions(self) -> list[BulkAction]:
        """The actions that ask for nothing."""
        return [one for one in self.actions if not one.asks]

    @property
    def total(self) -> int:
        """The number of rows that pass the filters."""
        return self.page.paginator.count

    @cached_property
    def size(self) -> int:
        """Rows per page: one of the offered sizes."""
        asked = self.request.GET.get("size", "")
        return int(asked) if asked in {str(size) for size in PAGE_SIZES} else self.spec.page_size

    # --- order --------------------------------------------------------------
    @cached_property
    def sort(self) -> str:
        """The column the list is ordered by, with a minus for descending."""
        asked = self.request.GET.get("sort", "")
        known = {column.key for column in self.spec.columns if column.sort}
        return asked if asked.lstrip("-") in known else self.spec.default_sort

    def _order_fields(self) -> list[str]:
        key = self.sort.lstrip("-")
        column = next((one for one in self.spec.columns if one.key == key), None)
        if column is None:
            return []
        # The primary key makes the order total: no row shows on two pages.
        fields = [*column.sort, "pk"]
        return [_flipped(field) for field in fields] if self.sort.startswith("-") else fields

    # --- columns ------------------------------------------------------------
    @cached_property
    def columns(self) -> list[Column]:
        """The columns on the screen."""
        asked = set(self.request.GET.get("cols", "").split(",")) - {""}
        return [
            column
            for column in self.spec.columns
            if not column.optional or (column.key in asked if asked else column.shown)
        ]

    @property
    def column_menu(self) -> FilterMenu:
        """The menu of the columns, whose choices are loaded when it is opened."""
        return FilterMenu("cols", str(_("Columns")), self.url(fragment="columns"), [])

    @cached_property
    def shows(self) -> dict[str, bool]:
        """Whether a column is on the screen, by key."""
        shown = {column.key for column in self.columns}
        return {column.key: column.key in shown for column in self.spec.columns}

    @cached_property
    def head(self) -> list[HeadCell]:
        """The heads of the columns on the screen."""
        return [self._head_cell(column) for column in self.columns]

    def _head_cell(self, column: Column) -> HeadCell:
        if not column.sort:
            return HeadCell(column, "", "")
        state = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "none")
        turned = f"-{column.key}" if state == "ascending" else column.key
        return HeadCell(column, state, self.url(sort=turned, page=None))

    @property
    def column_choices(self) -> list[dict[str, Any]]:
        """The columns one may show or hide."""
        return [
            {"key": column.key, "label": column.label, "on": self.shows[column.key]}
            for column in self.spec.columns
            if column.optional
        ]

    # --- addresses ------------------------------------------------------------
    def url(self, **changes: Any) -> str:
        """Return this page's address with parameters changed; None takes one away."""
        query = self.request.GET.copy()
        for name in ("format", "fragment", "of"):
            query.pop(name, None)
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = str(value)
        text = query.urlencode()
        return f"{self.request.path}?{text}" if text else self.request.path

    @property
    def path(self) -> str:
        """The page's address without any parameter."""
        return self.request.path

    @property
    def export_url(self) -> str:
        """Where the XLSX of all filtered rows comes from."""
        query = self.request.GET.copy()
        for name in ("page", "fragment", "of"):
            query.pop(name, None)
        query["format"] = "xlsx"
        return f"{self.request.path}?{query.urlencode()}"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the filter form must carry along: order, size and columns."""
        names = ("sort", "size", "cols")
        return [(name, str(self.request.GET[name])) for name in names if name in self.request.GET]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the column menu must carry along: everything but page and columns."""
        return [
            (name, value)
            for name in self.request.GET
            if name not in ("page", "cols", "format", "fragment", "of")
            for value in self.request.GET.getlist(name)
        ]

    @property
    def page_links(self) -> list[dict[str, Any]]:
        """The page numbers with gaps (a number of None)."""
        paginator = self.page.paginator
        current = self.page.number
        return [
            {
                "number": number,
                "url": self.url(page=number),
                "current": number == current,
            }
            if isinstance(number, int)
            else {"number": None, "url": "", "current": False}
            for number in paginator.get_elided_page_range(current, on_each_side=1, on_ends=1)
        ]

    @property
    def previous_url(self) -> str:
        """The page before, or nothing."""
        return self.url(page=self.page.number - 1) if self.page.has_previous() else ""

    @property
    def next_url(self) -> str:
        """The page after, or nothing."""
        return self.url(page=self.page.number + 1) if self.page.has_next() else ""

    @property
    def size_links(self) -> list[dict[str, Any]]:
        """The offered sizes."""
        return [
            {
                "size": size,
                "url": self.url(size=size, page=None),
                "current": size == self.size,
            }
            for size in PAGE_SIZES
        ]

    @cached_property
    def frame_key(self) -> str:
        """What head, filters, menus and pages depend on, beside the number of rows."""
        offered = [one.key for one in self.actions]
        return f"{get_language()} {self.spec.key} {self.url()} {offered} {self.filter_names}"

    @cached_property
    def pages_key(self) -> str:
        """What the pages of the list depend on."""
        return f"{self.frame_key} {self.total}"

    # --- filters, views -------------------------------------------------------
    @cached_property
    def chips(self) -> list[Chip]:
        """The filters in force, as words, each with the address without it."""
        if not self.in_use:
            return []
        return list(filtering.chips(self.filterset, self.request.GET, self.url))

    @cached_property
    def menus(self) -> list[FilterMenu]:
        """The filters, each opened by a request of its own."""
        return list(filtering.menus(self.spec.filterset, self.request.GET, self.url))

    def field(self, name: str) -> BoundField | None:
        """One filter as a field of the form, with its choices."""
        form = self.filterset.form if self.filterset else None
        return form[name] if form and name in form.fields else None

    @property
    def has_search(self) -> bool:
        """Whether the list has a search box (a filter called q)."""
        return "q" in self.filter_names

    @property
    def search_text(self) -> str:
        """What was searched for."""
        return self.request.GET.get("q", "")

    @cached_property
    def views(self) -> list[ViewLink]:
        """Presets, then the actor's own saved views."""
        presets = self.spec.presets(self.actor) if self.spec.presets else []
        links = [
            ViewLink(
                one.label,
                self._view_url(one.query),
                self._is_view(one.query),
                one.count,
            )
            for one in presets
        ]
        saved = SavedView.objects.visible_to(self.actor).filter(page=self.spec.key)
        for pk, user, name, query, owner in saved.values_list(*_OF_A_VIEW):
            own = user == self.actor.user_id
            links.append(
                ViewLink(
                    name,
                    self._view_url(query),
                    self._is_view(query),
                    saved_id=pk if own else None,
                    owner="" if own else owner,
                )
            )
        return links

    @property
    def views_url(self) -> str:
        """Where the dialog of the saved views comes from."""
        return self.url(fragment="views", page=None)

    @property
    def view_query(self) -> str:
        """What a saved view of this state would hold."""
        return _without_page(self.request.GET).urlencode()

    def _view_url(self, query: str) -> str:
        return f"{self.request.path}?{query}" if query else self.request.path

    def _is_view(self, query: str) -> bool:
        return QueryDict(query) == _without_page(self.request.GET)


_OF_A_VIEW = ("pk", "user_id", "name", "query", "user__display_name")


def _picker() -> Callable[[Any], str]:
    """Return what draws the box that picks a row."""
    label = _("Select %(label)s")
    return lambda row: (
        '<td class="as-only-d"><input class="form-check-input" type="checkbox" name="pick"'
        f' value="{row.pk}" aria-label="{safe(label % {"label": row})}"></td>'
    )


def _no_pick(_row: Any) -> str:
    return ""


def _flipped(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _without_page(query: QueryDict) -> QueryDict:
    kept = query.copy()
    for name in ("page", "format", "fragment", "of"):
        kept.pop(name, None)
    for name in [name for name in kept if not any(kept.getlist(name))]:
        kept.pop(name)
    return QueryDict(kept.urlencode())

"""The filters of a list: menus loaded when opened, and what is in force in words."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.forms import Field
from django.http import QueryDict

from crm.common.face.lists.spec import Chip, FilterMenu, ListFilter

# A range has one parameter for each end: name_min and name_max, name_after and name_before.
ENDS = ("", "_min", "_max", "_after", "_before")


def menus(
    filters: type[ListFilter] | None, query: QueryDict, url: Callable[..., str]
) -> Iterator[FilterMenu]:
    """Yield the filters without their choices: no query is asked and no choice is drawn."""
    for name, one in filters.base_filters.items() if filters else ():
        if name == "q":
            continue
        held = [(key, got) for key in parameters(query, name) for got in query.getlist(key) if got]
        opened = url(fragment="filters", of=name, page=None)
        yield FilterMenu(name, str(one.label), opened, held)


def chips(
    filterset: ListFilter | None, query: QueryDict, url: Callable[..., str]
) -> Iterator[Chip]:
    """Yield the filters in force, as words, each with the address without it."""
    if filterset is None or not filterset.form.is_valid():
        return
    for name, field in filterset.form.fields.items():
        if shown := _in_words(field, filterset.form.cleaned_data.get(name)):
            cleared = dict.fromkeys(parameters(query, name))
            yield Chip(str(field.label), shown, url(**cleared, page=None))


def parameters(query: QueryDict, name: str) -> list[str]:
    """Return the parameters of a filter that stand in the address."""
    return [f"{name}{end}" for end in ENDS if f"{name}{end}" in query]


def _in_words(field: Field, value: Any) -> str:
    if value in (None, "", [], ()) or (hasattr(value, "exists") and not value.exists()):
        return ""
    if isinstance(value, slice):
        return "—".join(str(end) for end in (value.start, value.stop) if end is not None)
    if isinstance(value, list | tuple | QuerySet):
        return "、".join(_in_words(field, one) for one in value)
    names = dict(getattr(field, "choices", [])) if isinstance(value, str) else {}
    return str(names.get(value, value))

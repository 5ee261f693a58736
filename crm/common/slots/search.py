"""What can be found: each room declares its indexes in its search.py."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

from crm.common.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the search page."""

    title: str
    subtitle: str
    url: str


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """What can be found: a scoped search over one kind of record."""

    key: str
    label: str | Promise
    icon: str
    order: int
    find: Callable[[Actor, str], models.QuerySet[Any]]
    hit: Callable[[Any], Hit]


_indexes: dict[str, SearchIndex] = {}


def register(index: SearchIndex) -> SearchIndex:
    """Declare what can be found (in a room's search.py)."""
    _indexes[index.key] = index
    return index


def indexes() -> list[SearchIndex]:
    """Return all indexes in their order."""
    return sorted(_indexes.values(), key=lambda index: index.order)

"""What is due today: rooms say what their people must do, the home screen shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise

from crm.common.people.actor import Actor


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One thing somebody must do: where it is, by when, how it stands.

    `lamp` is a component state (over, risk, ok, hold, todo); `action` are the words of the
    button that leads to `url`.
    """

    title: str
    subtitle: str
    url: str
    due_on: date | None
    lamp: str
    lamp_text: str
    action: str


@dataclass(frozen=True, slots=True)
class TodayCount:
    """One figure of the strip on top: a label, a number and the list it opens."""

    label: str
    value: int | Decimal | None
    url: str
    lamp: str = ""
    detail: str = ""
    unit: str = ""


RowProvider = Callable[[Actor, date], list[TodayRow]]
CountProvider = Callable[[Actor, date], list[TodayCount]]


@dataclass(frozen=True, slots=True)
class TodayGroup:
    """A group of rows under one heading."""

    key: str
    label: str | Promise
    order: int
    rows: RowProvider


_groups: dict[str, TodayGroup] = {}
_counts: dict[str, tuple[int, CountProvider]] = {}


def register_rows(group: TodayGroup) -> TodayGroup:
    """Declare a group of due things (in a room's panels.py)."""
    _groups[group.key] = group
    return group


def register_counts(key: str, order: int, provider: CountProvider) -> None:
    """Declare figures of the strip (in a room's panels.py)."""
    _counts[key] = (order, provider)


def groups() -> list[TodayGroup]:
    """Return the groups in their order."""
    return sorted(_groups.values(), key=lambda group: group.order)


def counts_for(actor: Actor, today: date) -> list[TodayCount]:
    """Return the strip's figures for an actor."""
    providers = sorted(_counts.values(), key=lambda pair: pair[0])
    return [count for _order, provider in providers for count in provider(actor, today)]

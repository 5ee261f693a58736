"""What is due today: rooms say what their people must do, the home screen shows it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.functional import Promise

from crm.common.people.actor import Actor


@dataclass(frozen=True, slots=True)
class TodayRow:
    """One thing somebody must do: where it is, by when, how it stands.

    `lamp` is a component state (over, risk, ok, hold, todo); `action` are the words of the
    button. It leads to `action_url`, or posts there when it `posts`, and else leads to `url`.
    `does` says what kind of act it is (done, remind, sign, answer): a key presses it. `about` is
    the project or enterprise the rows are gathered under; `awaits` is handed over, not signed for.
    """

    title: str
    subtitle: str
    url: str
    due_on: date | None
    lamp: str
    lamp_text: str
    action: str
    action_url: str = ""
    posts: bool = False
    does: str = "done"
    about: str = ""
    awaits: bool = False

    @property
    def button_url(self) -> str:
        """Where the button leads."""
        return self.action_url or self.url


@dataclass(frozen=True, slots=True)
class AgendaEntry:
    """Something at an hour (or, without `timed`, on a day): a meeting, the end of a round."""

    at: datetime
    title: str
    subtitle: str
    url: str
    action: str
    icon: str
    timed: bool = True


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
AgendaProvider = Callable[[Actor, date], list[AgendaEntry]]


@dataclass(frozen=True, slots=True)
class TodayGroup:
    """A group of rows under one heading."""

    key: str
    label: str | Promise
    order: int
    rows: RowProvider


_groups: dict[str, TodayGroup] = {}
_counts: dict[str, tuple[int, CountProvider]] = {}
_agenda: dict[str, AgendaProvider] = {}


def register_rows(group: TodayGroup) -> TodayGroup:
    """Declare a group of due things (in a room's today.py)."""
    _groups[group.key] = group
    return group


def register_counts(key: str, order: int, provider: CountProvider) -> None:
    """Declare figures of the strip (in a room's today.py)."""
    _counts[key] = (order, provider)


def register_agenda(key: str, provider: AgendaProvider) -> None:
    """Declare what stands in the diary of the days ahead (in a room's today.py)."""
    _agenda[key] = provider


def agenda_for(actor: Actor, today: date) -> list[AgendaEntry]:
    """Return what stands in the actor's diary, the next first."""
    found = [entry for provider in _agenda.values() for entry in provider(actor, today)]
    return sorted(found, key=lambda entry: (entry.at, entry.title))


def groups() -> list[TodayGroup]:
    """Return the groups in their order."""
    return sorted(_groups.values(), key=lambda group: group.order)


def counts_for(actor: Actor, today: date) -> list[TodayCount]:
    """Return the strip's figures for an actor."""
    providers = sorted(_counts.values(), key=lambda pair: pair[0])
    return [count for _order, provider in providers for count in provider(actor, today)]

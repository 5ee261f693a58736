"""When somebody is to be reminded: steps in working days before and after a due day. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from crm.common.days.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: a record, its day, and the people (users) who are reminded."""

    target: Any
    due_on: date
    recipients: tuple[Any, ...]
    context: tuple[tuple[str, Any], ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """One kind of reminder a room registers in its reminders.py.

    `steps` are working days left: 5 and 1 before, 0 on the day, -1 the day after. `message` is
    the kind of message sent; its words may use %(due)s, %(left)s and what `Due.context` gives.
    """

    key: str
    message: str
    rows: Callable[[date], Iterable[Due]]
    steps: tuple[int, ...] = (5, 1, 0, -1)


def step_of(due_on: date, today: date, steps: Iterable[int], calendar: WorkCalendar) -> int | None:
    """Return the step that has been reached and not yet passed by another, or None before all.

    A day on which nothing ran (an outage, a holiday) does not lose a step: the latest one
    reached is returned until the next.
    """
    left = calendar.workdays_between(today, due_on)
    return min((step for step in steps if step >= left), default=None)


_kinds: dict[str, ReminderKind] = {}


def register(kind: ReminderKind) -> ReminderKind:
    """Declare a kind of reminder (in a room's reminders.py)."""
    _kinds[kind.key] = kind
    return kind


def kinds() -> list[ReminderKind]:
    """Return all declared kinds."""
    return list(_kinds.values())

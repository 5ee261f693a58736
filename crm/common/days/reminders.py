"""When somebody is to be reminded: steps in working days before and after a due day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.common.days.calendar import WorkCalendar


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due: a record, its day, and the people (users) who are reminded.

    The people are asked for only when a step is really sent.
    """

    target: Any
    due_on: date
    recipients: Callable[[], Iterable[Any]]
    context: tuple[tuple[str, Any], ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """One kind of reminder a room registers in its reminders.py.

    `steps` are working days left: 5 and 1 before, 0 on the day, -1 the day after. `message` is
    the kind of message sent; its words may use %(due)s, %(left)s, %(when)s (“2 working days
    left”) and what `Due.context` gives. Nobody is reminded of what they may not see.
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


def left_words(workdays: int) -> str:
    """Say how many working days are left; below zero it is overdue."""
    if workdays < 0:
        text = ngettext("%(n)d working day overdue", "%(n)d working days overdue", -workdays)
        return text % {"n": -workdays}
    if workdays == 0:
        return _("Due today")
    text = ngettext("%(n)d working day left", "%(n)d working days left", workdays)
    return text % {"n": workdays}


# In the language of whoever reads it.
left_words_lazy = lazy(left_words, str)

_kinds: dict[str, ReminderKind] = {}


def register(kind: ReminderKind) -> ReminderKind:
    """Declare a kind of reminder (in a room's reminders.py)."""
    _kinds[kind.key] = kind
    return kind


def kinds() -> list[ReminderKind]:
    """Return all declared kinds."""
    return list(_kinds.values())

"""What is due, for whom it is due, and which days ahead are not as the week would have it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days.calendar import WorkCalendar
from crm.common.face import formatting
from crm.common.people.actor import Actor
from crm.common.slots.today import TodayCount, TodayRow, groups

# 3 个工作日内 (guide section 5); the days ahead are looked at for a week and a half.
NEAR_WORKDAYS, AHEAD_DAYS = 3, 10
# A desk stays one screen: more of a group is behind its link.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Rows of one urgency; `lamp` is the state of a component, empty where there is no haste."""

    key: str
    title: str | Promise
    lamp: str
    rows: tuple[TodayRow, ...]
    whole: bool = False

    @property
    def shown(self) -> tuple[TodayRow, ...]:
        """The rows on the desk: all of a group that was asked for, the first of the others."""
        return self.rows if self.whole else self.rows[:SHOWN]

    @property
    def more(self) -> int:
        """How many rows are behind the link."""
        return len(self.rows) - len(self.shown)


def due_for(actor: Actor, today: date, calendar: WorkCalendar) -> list[DueGroup]:
    """Return what an actor must do: late, due today, within three working days, later.

    What has no day comes last. All four groups are returned, empty ones too: their counts and
    their rows are the same list.
    """
    rows = [row for group in groups() for row in group.rows(actor, today)]
    rows.sort(key=lambda row: (row.due_on or date.max, row.title))
    near = calendar.add_workdays(today, NEAR_WORKDAYS)
    urgency = _urgency(today, near)
    return [
        DueGroup(key, title, lamp, tuple(row for row in rows if urgency(row) == key))
        for key, title, lamp in _GROUPS
    ]


_GROUPS = (
    ("late", gettext_lazy("Late"), "over"),
    ("today", gettext_lazy("Due today"), "risk"),
    ("near", gettext_lazy("Within three working days"), ""),
    ("later", gettext_lazy("Later"), ""),
)


def _urgency(today: date, near: date) -> Callable[[TodayRow], str]:
    def of(row: TodayRow) -> str:
        day = row.due_on or date.max
        if day <= today:
            return "late" if day < today else "today"
        return "near" if day <= near else "later"

    return of


def counts_of(found: list[DueGroup], url: str) -> list[TodayCount]:
    """Return the figures of the strip that are the groups' own, each leading to its rows."""
    return [
        TodayCount(
            label=str(group.title),
            value=len(group.rows),
            url=f"{url}?group={group.key}",
            lamp=group.lamp if group.rows else "",
        )
        for group in found
        if group.key != "later"
    ]


def days_ahead(calendar: WorkCalendar, today: date) -> list[str]:
    """Return in words which of the next days are worked on a weekend, or off during the week."""
    days = [today + timedelta(days=number) for number in range(AHEAD_DAYS + 1)]
    told = [
        _("%(day)s (%(weekday)s) is worked instead of a day off")
        % {"day": formatting.day(day), "weekday": formatting.weekday(day)}
        for day in days
        if day.weekday() >= 5 and calendar.is_workday(day)
    ]
    for first, last in _holidays(days, calendar):
        span = formatting.day(first)
        if last != first:
            span = f"{span}—{formatting.day(last)}"
        told.append(_("%(days)s are off, limits stand still") % {"days": span})
    return told


def _holidays(days: list[date], calendar: WorkCalendar) -> Iterator[tuple[date, date]]:
    """Yield the runs of days off that hold at least one day which is no weekend."""
    for working, run in groupby(days, key=calendar.is_workday):
        off = list(run)
        if not working and any(day.weekday() < 5 for day in off):
            yield off[0], off[-1]

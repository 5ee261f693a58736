"""What is due, for whom it is due, and which days ahead are not as the week would have it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import SHANGHAI
from crm.common.face import formatting
from crm.common.people.actor import Actor
from crm.common.slots.today import AgendaEntry, TodayCount, TodayRow, agenda_for, groups

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
    detail: str = ""

    @property
    def shown(self) -> tuple[TodayRow, ...]:
        """The rows on the desk: all of a group that was asked for, the first of the others."""
        return self.rows if self.whole else self.rows[:SHOWN]

    @property
    def more(self) -> int:
        """How many rows are behind the link."""
        return len(self.rows) - len(self.shown)


def due_rows(actor: Actor, today: date) -> list[TodayRow]:
    """Return everything an actor must do, the nearest day first; what has no day comes last."""
    rows = [row for group in groups() for row in group.rows(actor, today)]
    return sorted(rows, key=lambda row: (row.due_on or date.max, row.title))


def by_urgency(rows: list[TodayRow], today: date, calendar: WorkCalendar) -> list[DueGroup]:
    """Group rows: to be signed for, late, due today, within three working days, later.

    Empty groups are returned too, but for the first: counts and rows are the same list.
    """
    waiting = tuple(row for row in rows if row.awaits)
    near = calendar.add_workdays(today, NEAR_WORKDAYS)
    urgency = _urgency(today, near)
    told = {
        "late": _longest(rows, today, calendar),
        "near": _("until %(day)s") % {"day": formatting.day(near)},
    }
    found = [
        DueGroup(
            key,
            title,
            lamp,
            tuple(row for row in rows if not row.awaits and urgency(row) == key),
            detail=told.get(key, ""),
        )
        for key, title, lamp in _GROUPS
    ]
    first = DueGroup("sign", gettext_lazy("Waiting to be signed for"), "", waiting)
    return [first, *found] if waiting else found


def by_subject(rows: list[TodayRow], today: date) -> list[DueGroup]:
    """Group rows under the project or enterprise they are about, the most urgent first."""
    gathered: dict[str, list[TodayRow]] = {}
    for row in rows:
        gathered.setdefault(row.about, []).append(row)
    return [
        DueGroup(about, about or _("Everything else"), _lamp(found[0], today), tuple(found))
        for about, found in gathered.items()
    ]


def _lamp(row: TodayRow, today: date) -> str:
    if row.due_on is None or row.due_on > today:
        return ""
    return "over" if row.due_on < today else "risk"


def _longest(rows: list[TodayRow], today: date, calendar: WorkCalendar) -> str:
    """Say how long the longest of the late rows is late."""
    first = next((row.due_on for row in rows if not row.awaits and row.due_on), today)
    late = calendar.workdays_between(first, today) if first < today else 0
    if not late:
        return ""
    return ngettext("%(n)d working day at most", "%(n)d working days at most", late) % {"n": late}


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
            unit=pgettext("count of things to do", "to do"),
            url=f"{url}?group={group.key}",
            lamp=group.lamp if group.rows else "",
            detail=group.detail,
        )
        for group in found
        if group.key != "later"
    ]


@dataclass(frozen=True, slots=True)
class DiaryLine:
    """An entry of the diary with its moment as people say it."""

    when: str
    entry: AgendaEntry


def diary(actor: Actor, today: date) -> list[DiaryLine]:
    """Return the actor's meetings and days ahead, the next first."""
    return [DiaryLine(_moment(entry, today), entry) for entry in agenda_for(actor, today)]


def _moment(entry: AgendaEntry, today: date) -> str:
    """Write today, the day of the week within six days, the date beyond; and the hour."""
    at = entry.at.astimezone(SHANGHAI)
    day = at.date()
    if day == today:
        words = _("today")
    else:
        near = (day - today).days < 7
        words = formatting.weekday(day) if near else formatting.day(day)
    return f"{words} {at:%H:%M}" if entry.timed else words


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

"""Working days: pure functions over an immutable calendar that is passed in.

National 调休 lists come from the `holidays` library, local exceptions from the database
(`load_calendar`). A year whose notice is not published yet is computed provisionally from
weekends and statutory days and says so. The day of receipt does not count (民法典 §201).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a clock stands still, both ends included; open while `end` is None."""

    start: date
    end: date | None = None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Say whether the clock stands still on this day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked; `overrides` are local exceptions to the national list."""

    overrides: tuple[tuple[date, bool], ...] = ()

    def is_workday(self, day: date) -> bool:
        """Say whether the city works on this day."""
        for exception, works in self.overrides:
            if exception == day:
                return works
        national = _national(day.year)
        return day in national.makeup or (day.weekday() < 5 and day not in national.off)

    def is_provisional(self, year: int) -> bool:
        """Say whether the year's 调休 notice is missing, so that its dates may still move."""
        return _national(year).provisional and not any(d.year == year for d, _ in self.overrides)

    def add_workdays(self, start: date, count: int, pauses: Iterable[Pause] = ()) -> date:
        """Return the day on which `count` working days after `start` are over.

        `start` itself does not count; days inside a pause do not count. With `count` 0 the
        start day is returned. Raises ValueError for a negative count or an open pause.
        """
        if count < 0:
            raise ValueError("count must not be negative")
        stops = tuple(pauses)
        day = start
        while count:
            day += _ONE
            if any(stop.end is None and stop.start <= day for stop in stops):
                raise ValueError("the clock is stopped: there is no due date while a pause is open")
            if self.is_workday(day) and not any(stop.covers(day) for stop in stops):
                count -= 1
        return day

    def workdays_between(self, start: date, end: date, pauses: Iterable[Pause] = ()) -> int:
        """Return the working days after `start` up to and including `end`.

        Negative when `end` lies before `start`, so that it also counts days overdue.
        """
        if end < start:
            return -self.workdays_between(end, start, pauses)
        stops = tuple(pauses)
        days = (start + _ONE * offset for offset in range(1, (end - start).days + 1))
        return sum(
            self.is_workday(day) and not any(stop.covers(day) for stop in stops) for day in days
        )

    def next_workday(self, day: date) -> date:
        """Return the day itself or, where it is off, the next day worked."""
        while not self.is_workday(day):
            day += _ONE
        return day


@dataclass(frozen=True, slots=True)
class _NationalYear:
    off: frozenset[date]
    makeup: frozenset[date]
    provisional: bool


@lru_cache(maxsize=64)
def _national(year: int) -> _NationalYear:
    listed = holidays.country_holidays("CN", years=year, language="en_US")
    off = frozenset(day for day in listed if day.year == year)
    makeup = frozenset(day for day in listed.weekend_workdays if day.year == year)
    return _NationalYear(off=off, makeup=makeup, provisional=not makeup)


_held: ContextVar[list[WorkCalendar] | None] = ContextVar("calendar_held", default=None)


def load_calendar() -> WorkCalendar:
    """Return the calendar in force: the national lists with the city's own exceptions.

    Inside `calendar_held()` (a request, a task) it is read from the database once.
    """
    held = _held.get()
    if held:
        return held[0]
    rows = WorkdayException.objects.standing().values_list("day", "kind")
    calendar = WorkCalendar(tuple((day, kind == DayKind.WORK) for day, kind in rows))
    if held is not None:
        held.append(calendar)
    return calendar


@contextmanager
def calendar_held() -> Iterator[None]:
    """Read the calendar at most once inside; nested, the outermost counts."""
    if _held.get() is not None:
        yield
        return
    token = _held.set([])
    try:
        yield
    finally:
        _held.reset(token)


def set_exception(*, day: date, kind: DayKind, reason: str, **entered: Any) -> WorkdayException:
    """Write a local exception; whoever holds the calendar reads it anew."""
    row = WorkdayException.objects.create(day=day, kind=kind, reason=reason, **entered)
    read_anew()
    return row


def read_anew() -> None:
    """Forget the calendar that is held: its exceptions have changed."""
    if held := _held.get():
        held.clear()

"""The clock, read only at the edges: views, tasks and commands."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the business time: the machine's, or this time of day on ANSHANG_TODAY."""
    machine = timezone.now().astimezone(SHANGHAI)
    fixed: date | None = settings.ANSHANG_TODAY
    return (
        machine
        if fixed is None
        else machine.replace(year=fixed.year, month=fixed.month, day=fixed.day)
    )


def machine_now() -> datetime:
    """Return the machine's time, for sessions, tokens, locks and the audit."""
    return timezone.now()


def today() -> date:
    """Return the business date in Shanghai."""
    return settings.ANSHANG_TODAY or timezone.now().astimezone(SHANGHAI).date()


def is_fixed() -> bool:
    """Say whether the business date is held still (the screens then show a badge)."""
    return settings.ANSHANG_TODAY is not None


def day_start(day: date) -> datetime:
    """Return midnight at the beginning of a day in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """Return the first moment of a month and the first moment of the next one."""
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return day_start(first), day_start(following)


def local_date(moment: datetime) -> date:
    """Return the calendar day of a moment in Shanghai."""
    return moment.astimezone(SHANGHAI).date()

"""Windows: the spans of time in which an indicator's values are asked for."""

from enum import StrEnum

from profiles.enums import PeriodKind, ValueType

NUMBERS = frozenset({ValueType.DECIMAL, ValueType.INT})
LASTING = frozenset({ValueType.CATEGORY, ValueType.BOOL})
# How many months a value of each rhythm stands for.
MONTHS_OF = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


class Window(StrEnum):
    """A span before the day of a snapshot.

    `ytd`, the two spans of twelve months and `growth` end with the last period an enterprise
    reported, and are unknown where one in between is missing; the others end with the calendar.
    Growth compares this year so far with the same months of last year (of yearly indicators:
    last year with the year before), in percent, rounded down at the fourth place.
    """

    LATEST = "latest"
    LAST_MONTH = "last_month"
    LAST_QUARTER = "last_quarter"
    YTD = "ytd"
    YTD_BEFORE = "ytd_last_year"
    TWELVE = "last_12_months"
    TWELVE_BEFORE = "previous_12_months"
    LAST_YEAR = "last_year"
    YEAR_BEFORE = "year_before"
    GROWTH = "growth"
    SINCE = "since"

    def named(self, name: str) -> str:
        """Return what an indicator is called in this window (Chinese, as sentences are)."""
        before, after = _WORDS[self]
        return f"{before}{name}{after}"


_WORDS = {
    Window.LATEST: ("", ""),
    Window.LAST_MONTH: ("上月", ""),
    Window.LAST_QUARTER: ("上季度", ""),
    Window.YTD: ("本年累计", ""),
    Window.YTD_BEFORE: ("上年同期累计", ""),
    Window.TWELVE: ("近12个月", ""),
    Window.TWELVE_BEFORE: ("前12个月", ""),
    Window.LAST_YEAR: ("上年", ""),
    Window.YEAR_BEFORE: ("前年", ""),
    Window.GROWTH: ("", "同比增速"),
    Window.SINCE: ("", "起始日"),
}
_SUMS = (
    Window.LAST_QUARTER,
    Window.YTD,
    Window.YTD_BEFORE,
    Window.TWELVE,
    Window.TWELVE_BEFORE,
    Window.LAST_YEAR,
    Window.GROWTH,
)


def windows_of(period: str, value_type: str, aggregation: str) -> tuple[Window, ...]:
    """Return the windows in which an indicator can be asked for, its usual one first."""
    since = (Window.SINCE,) if value_type in LASTING else ()
    number = value_type in NUMBERS
    if period == PeriodKind.YEAR:
        more = (Window.YEAR_BEFORE, Window.GROWTH) if number else since
        return (Window.LAST_YEAR, *more)
    if period == PeriodKind.SNAPSHOT or not number:
        return (Window.LATEST, *since)
    month = (Window.LAST_MONTH,) if period == PeriodKind.MONTH else ()
    if aggregation == "sum":
        return (Window.LATEST, *month, *_SUMS)
    return (Window.LATEST, *month, Window.LAST_QUARTER, Window.LAST_YEAR)

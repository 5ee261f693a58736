"""How numbers, dates, limits and identity data are written for people (guide section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from crm.common import money
from crm.common.days import clock
from crm.common.days.reminders import left_words

RISK_WORKDAYS = 3
SPARK_WIDTH, SPARK_HEIGHT = 72, 22
UNKNOWN = "—"


@dataclass(frozen=True, slots=True)
class Lamp:
    """A state and the fact in words; colour never speaks alone."""

    state: str
    text: str


def grouped(number: Decimal | float | None, places: int | None = None) -> str:
    """Write a number with thousands separators and a true minus; unknown is a dash, not 0."""
    if number is None:
        return UNKNOWN
    value = Decimal(str(number))
    return money.grouped(value if places is None else money.round_half_up(value, places))


def wan(fen: int | None, places: int = 1) -> str:
    """Write 分 in 万元."""
    return UNKNOWN if fen is None else money.grouped(money.wan(fen, places))


def yi(fen: int | None, places: int = 2) -> str:
    """Write 分 in 亿元."""
    return UNKNOWN if fen is None else money.grouped(money.yi(fen, places))


def yuan(fen: int | None) -> str:
    """Write 分 in 元 with two places."""
    return UNKNOWN if fen is None else money.grouped(money.round_half_up(money.yuan(fen), 2))


def percent(share: Decimal | float | None, places: int = 1) -> str:
    """Write a share of 1 as a percentage, rounded half up."""
    return UNKNOWN if share is None else f"{grouped(Decimal(str(share)) * 100, places)}%"


def signed(number: Decimal | float | None, places: int | None = None) -> str:
    """Write a difference with its sign."""
    text = grouped(number, places)
    return f"+{text}" if number is not None and number > 0 else text


def _local(value: date | datetime) -> date:
    return clock.local_date(value) if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """Write a day; the year only when it is not this one."""
    if value is None:
        return UNKNOWN
    when = _local(value)
    same_year = when.year == clock.today().year
    return formats.date_format(when, "SHORT_DATE_FORMAT" if same_year else "DATE_FORMAT")


# Django's own Chinese short names are its long ones.
_WEEKDAYS = (
    pgettext_lazy("day of the week", "Mon"),
    pgettext_lazy("day of the week", "Tue"),
    pgettext_lazy("day of the week", "Wed"),
    pgettext_lazy("day of the week", "Thu"),
    pgettext_lazy("day of the week", "Fri"),
    pgettext_lazy("day of the week", "Sat"),
    pgettext_lazy("day of the week", "Sun"),
)


def weekday(value: date | datetime | None) -> str:
    """Write the day of the week, shortly."""
    return UNKNOWN if value is None else str(_WEEKDAYS[_local(value).weekday()])


def moment(value: datetime | None) -> str:
    """Write a moment of Shanghai to the minute."""
    if value is None:
        return UNKNOWN
    return f"{day(value)} {value.astimezone(clock.SHANGHAI):%H:%M}"


def month(value: date | None) -> str:
    """Write a month with its year."""
    return UNKNOWN if value is None else formats.date_format(_local(value), "YEAR_MONTH_FORMAT")


def limit_lamp(workdays: int | None) -> Lamp:
    """Say what is left of a limit in working days; below zero it is overdue."""
    if workdays is None:
        return Lamp("miss", _("No limit set"))
    near = "risk" if workdays <= RISK_WORKDAYS else "ok"
    return Lamp("over" if workdays < 0 else near, left_words(workdays))


def masked_code(value: str) -> str:
    """Mask a unified social credit code: 12 characters, four stars, the last two."""
    return f"{value[:12]}****{value[-2:]}" if len(value) == 18 else "****"


def masked_phone(value: str) -> str:
    """Mask a telephone number, keeping the first three and the last four characters."""
    return f"{value[:3]}****{value[-4:]}" if len(value) >= 8 else "****" if value else ""


def masked_account(value: str) -> str:
    """Mask an account number, keeping the last four characters."""
    return f"**** {value[-4:]}" if len(value) >= 8 else "****" if value else ""


def spark_points(values: Sequence[float]) -> str:
    """Return "x,y x,y …" of a line through the values in a box of 72 by 22."""
    low, high = min(values), max(values)
    span = (high - low) or 1
    gap = SPARK_WIDTH / max(1, len(values) - 1)
    usable = SPARK_HEIGHT - 4
    return " ".join(
        f"{place * gap:.1f},{SPARK_HEIGHT - 2 - (value - low) / span * usable:.1f}"
        for place, value in enumerate(values)
    )

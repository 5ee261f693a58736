"""A firm's book: its months from one story, from which every reported value follows."""

import calendar
import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from cms.demo.firms import Firm
from crm.models import Enterprise
from profiles.enums import PeriodKind

# The months a book knows; the first reported one is August 2022.
FIRST, LAST = date(2022, 1, 1), date(2024, 8, 1)
MONTHS = [
    date(2022 + number // 12, number % 12 + 1, 1)
    for number in range((LAST.year - 2022) * 12 + LAST.month)
]
# Spring Festival moves turnover between its month and the next.
FESTIVAL = {
    date(2023, 1, 1): 0.80,
    date(2023, 2, 1): 1.15,
    date(2024, 1, 1): 1.06,
    date(2024, 2, 1): 0.90,
}
# A new plant begins with so much of its size and grows to all of it in a year.
RAMP_FROM, RAMP_MONTHS = 0.15, 12
TROUBLE_SINCE, TROUBLE_LEFT = date(2024, 3, 1), 0.55


@dataclass(frozen=True, slots=True)
class Span:
    """A period a value stands for: its days, its kind, the months it holds."""

    first: date
    kind: str

    @property
    def last(self) -> date:
        """The last day."""
        if self.kind == PeriodKind.SNAPSHOT:
            return self.first
        length = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3}.get(PeriodKind(self.kind), 12)
        month = self.first.month + length - 1
        return date(self.first.year, month, calendar.monthrange(self.first.year, month)[1])

    @property
    def months(self) -> list[date]:
        """The first days of its months; of a snapshot, of its own month."""
        last = self.last
        return [date(last.year, month, 1) for month in range(self.first.month, last.month + 1)]

    @property
    def words(self) -> str:
        """The period as departments write it into the names of their files."""
        year, month = self.first.year, self.first.month
        if self.kind == PeriodKind.YEAR:
            return f"{year}年度"
        if self.kind == PeriodKind.QUARTER:
            return f"{year}年{'一二三四'[month // 3]}季度"
        if self.kind == PeriodKind.MONTH:
            return f"{year}年{month}月"
        return f"截至{year}年{month}月{self.first.day}日"


@dataclass
class Book:
    """One firm with what its values need: since when it works, how rich in data it is."""

    firm: Firm
    enterprise: Enterprise
    since: date | None
    rich: bool = False
    watched: bool = False
    hitech: bool = False
    honours: dict[str, str] = field(default_factory=dict)

    def chance(self, *about: object) -> float:
        """Return a number from 0 to 1 that only this firm and the subject decide."""
        text = "|".join([self.firm.uscc, *map(str, about)])
        digest = hashlib.blake2b(text.encode(), digest_size=6).digest()
        return int.from_bytes(digest) / (1 << 48)

    def between(self, low: float, high: float, *about: object) -> float:
        """Return such a number between two bounds."""
        return low + (high - low) * self.chance(*about)

    @cached_property
    def trouble(self) -> bool:
        """Whether this is one of the few firms that went wrong in the spring of 2024."""
        return self.rich and self.firm.growth < 0 and self.chance("trouble") < 0.35

    @cached_property
    def owner(self) -> bool:
        """Whether it owns its plant."""
        return self.chance("owner") < (0.78 if self.firm.above_scale else 0.25)

    @cached_property
    def exporter(self) -> bool:
        """Whether it sells abroad."""
        share = float(self.firm.trade["exporters_pct"]) / 100
        return self.firm.above_scale and self.chance("exporter") < share

    def number(self, column: str) -> float:
        """Return a number of its industry."""
        return float(self.firm.trade[column])

    @cached_property
    def revenue(self) -> dict[date, float]:
        """Turnover by month in 万元; the twelve of 2023 are the year's."""
        season = [float(part) for part in self.firm.trade["season_12"].split()]
        found = {}
        for number, month in enumerate(MONTHS):
            course = (1 + self.firm.growth) ** ((number - 17) / 12)
            drawn = self.between(0.96, 1.04, "revenue", month)
            value = course * season[month.month - 1] * FESTIVAL.get(month, 1) * drawn
            found[month] = value * self._running(month)
        year = sum(value for month, value in found.items() if month.year == 2023)
        whole = self.since is not None and self.since <= date(2022, 12, 31)
        scale = self.firm.revenue / (year if whole and year else 12)
        return {month: value * scale for month, value in found.items()}

    def _running(self, month: date) -> float:
        if self.since is None or month < self.since.replace(day=1):
            return 0
        factor = 1.0
        if self.trouble and month >= TROUBLE_SINCE:
            factor = TROUBLE_LEFT
        if self.since < FIRST:
            return factor
        age = (month.year - self.since.year) * 12 + month.month - self.since.month
        return factor * min(1, RAMP_FROM + (1 - RAMP_FROM) * age / RAMP_MONTHS)

    @cached_property
    def staff(self) -> dict[date, int]:
        """People by month: they follow the year's turnover slowly and are whole."""
        found, people = {}, 0
        for number, month in enumerate(MONTHS):
            year = [self.revenue[one] for one in MONTHS[max(0, number - 11) : number + 1]]
            target = self.firm.staff * 12 * sum(year) / len(year) / self.firm.revenue
            if not self.revenue[month]:
                found[month] = 0
                continue
            step = max(1, round(people * 0.04))
            wanted = max(3, round(target))
            people = wanted if not people else max(people - step, min(people + step, wanted))
            found[month] = people
        return found

    def works(self, span: Span) -> bool:
        """Say whether it worked in all months of a period."""
        return all(month in self.revenue and self.revenue[month] for month in span.months)

    def turnover(self, span: Span) -> float:
        """Return the turnover of a period."""
        return sum(self.revenue[month] for month in span.months)

    def people(self, span: Span) -> int:
        """Return how many people it had on average."""
        known = [self.staff[month] for month in span.months]
        return round(sum(known) / len(known))

    @cached_property
    def certified(self) -> date | None:
        """The day of its certificate as 高新技术企业."""
        if not self.hitech:
            return None
        if self.firm.name.startswith("湖北江汉泵业"):
            return date(2022, 11, 9)
        able = [day for day in CERTIFIED if day > self.firm.founded + timedelta(days=366)]
        return able[int(self.chance("hitech") * len(able))] if able else None


CERTIFIED = (
    date(2021, 11, 15),
    date(2021, 12, 3),
    date(2022, 11, 9),
    date(2022, 11, 29),
    date(2023, 10, 16),
    date(2023, 11, 14),
    date(2023, 12, 8),
)

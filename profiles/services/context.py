"""What is known while columns are tied: the catalogue's words, the table, the answers."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crm.models import Department
from profiles.models import IndicatorVersion
from profiles.selectors import versions_on
from profiles.services.questions import Asks, Inquiry
from profiles.services.reports import ImportReport, Problem
from profiles.services.tables import heads
from profiles.services.tables.cells import is_missing
from profiles.services.tables.grid import address
from profiles.services.tables.heads import Head
from profiles.services.tables.layout import Column, Table
from profiles.services.tables.periods import Placed, Span

OFFERED = 6


@dataclass(frozen=True, slots=True)
class Mapped:
    """A column that is an indicator: what it means, when it counts, how its unit converts."""

    column: Column
    meaning: IndicatorVersion
    placed: Placed
    factor: Fraction
    unit_by_row: bool = False
    only_row: int | None = None


@dataclass(slots=True)
class Words:
    """What the catalogue and the department call indicators, by the words of a head."""

    by_name: dict[str, IndicatorVersion]
    by_pk: dict[int, IndicatorVersion]
    remembered: dict[str, int]

    @classmethod
    def on(cls, day: date, remembered: dict[str, int]) -> "Words":
        """Return the words in force on a day."""
        rows = {row.indicator_id: row for row in versions_on(day)}
        named = {heads.words(row.name): row for row in rows.values()}
        return cls(named, rows, {k: v for k, v in remembered.items() if v in rows})

    def knows(self, text: str) -> bool:
        """Say whether words name an indicator."""
        return text in self.by_name

    def find(self, head: Head) -> IndicatorVersion | None:
        """Return the indicator a head names."""
        if head.key in self.remembered:
            return self.by_pk[self.remembered[head.key]]
        return self.by_name.get(heads.name_of(head, self.knows))

    def like(self, text: str, department: Department) -> list[IndicatorVersion]:
        """Return the indicators whose names are like some words, the department's own first."""

        def near(name: str) -> float:
            held = 1.0 if text and (text in name or name in text) else 0.0
            return held + difflib.SequenceMatcher(None, text, name).ratio()

        scored = [(near(name), row) for name, row in self.by_name.items()]
        good = [one for one in scored if one[0] >= 0.55]
        own = department.path
        good.sort(key=lambda one: (not one[1].department.path.startswith(own), -one[0]))
        return [row for _score, row in good[:OFFERED]]


@dataclass(slots=True)
class Context:
    """What is known while the columns of one table are tied."""

    table: Table
    sheet: str
    span: Span | None
    words: Words
    department: Department
    inquiry: Inquiry
    report: ImportReport
    unit_column: int | None = None
    lacks_period: bool = False

    def at(self, column: Column) -> str:
        """Return the cell of a column's head."""
        return address(self.sheet, column.row, column.index)

    def values(self, column: Column) -> Iterable[object]:
        """Yield what stands in a column's rows."""
        for number in self.table.data_rows:
            raw = self.table.cell(number, column.index)
            if not is_missing(raw):
                yield raw

    def ask(
        self, kind: Asks, column: Column, text: str, choices: Iterable[tuple[str, str]]
    ) -> str | None:
        """Put a question about a column."""
        cell = self.at(column)
        subject = re.sub(r"\d+", "#", column.header) + f"|{column.index}"
        return self.inquiry.ask(
            kind, subject, sheet=self.sheet, cell=cell, text=text, choices=choices
        )

    def leave(self, column: Column, why: str) -> None:
        """Say that a column is not taken, and why."""
        self.report.ignored_columns.append(column.header or column.index.__str__())
        self.report.left.append(Problem(self.at(column), why))

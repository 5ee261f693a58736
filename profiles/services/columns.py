"""Tie the columns of a table to indicators, units and periods; what is open becomes a question."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from crm.models import Department
from profiles.enums import ValueType
from profiles.models import IndicatorVersion
from profiles.selectors import versions_on
from profiles.services.questions import LEAVE, Asks, Inquiry
from profiles.services.reports import ImportReport, Problem
from profiles.services.tables import heads
from profiles.services.tables.cells import fold, is_missing, unit_factor
from profiles.services.tables.grid import Percent, address
from profiles.services.tables.heads import Head, Role
from profiles.services.tables.layout import Column, Table, lines_of
from profiles.services.tables.periods import Placed, Span, completed
from profiles.services.tables.units import (
    fitting,
    known_unit,
    needs_unit,
    siblings,
    units_in_line,
)

NUMBERS = frozenset({ValueType.DECIMAL, ValueType.INT})
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


def map_columns(context: Context) -> list[Mapped]:
    """Tie every column of a table; raises nothing: what is wrong goes to the report."""
    found: list[Mapped] = []
    special = _special(context)
    for column in context.table.columns:
        mapped = None if column.index in special else tie(context, column)
        if mapped:
            found.append(mapped)
    return _once(context, found)


def _special(context: Context) -> set[int]:
    """Return the columns that say something of a row instead of being an indicator."""
    found = set()
    for column in context.table.columns:
        text = column.parts[-1] if column.parts else ""
        if heads.names_unit(text) and any(known_unit(fold(raw)) for raw in context.values(column)):
            context.unit_column = column.index
            found.add(column.index)
        elif heads.names_period(text):
            found.add(column.index)
    return found


def tie(context: Context, column: Column) -> Mapped | None:
    """Tie one column to its indicator; None for what is left, asked about or wrong."""
    if not column.parts:
        _headless(context, column)
        return None
    head = heads.read_head(column.parts, context.words.knows)
    if head.role is Role.DERIVED and head.key not in context.words.remembered:
        context.leave(column, _("compares, is no indicator"))
        return None
    meaning = context.words.find(head) or _asked(context, column, head)
    if meaning is None or not _owned(context, column, meaning):
        return None
    placed = _placed(context, column, head, meaning)
    if placed is None:
        return None
    meaning = meaning.indicator.on(placed.start)
    if meaning.value_type not in NUMBERS:
        return Mapped(column, meaning, placed, Fraction(1))
    by_row = context.unit_column is not None and not head.unit
    factor = Fraction(1) if by_row else unit_of(context, column, head, meaning)
    return None if factor is None else Mapped(column, meaning, placed, factor, by_row)


def _headless(context: Context, column: Column) -> None:
    """A column without a head that holds something is named, not lost."""
    first = next(iter(context.values(column)), None)
    if first is not None:
        text = _("column %(cell)s has values but no head: write what it is, or empty it")
        context.report.problems.append(
            Problem(context.at(column), text % {"cell": context.at(column)})
        )


def _asked(context: Context, column: Column, head: Head) -> IndicatorVersion | None:
    """Ask which indicator a head means; columns of text that resemble none are left, named."""
    text = head.names[-1] if head.names else column.header
    if heads.is_number(text):
        return None
    if heads.is_aside(text) or heads.is_aside(column.header):
        context.leave(column, _("no indicator"))
        return None
    like = context.words.like(text, context.department)
    numeric = any(
        isinstance(raw, int | float | Percent) or _numeric(raw) for raw in context.values(column)
    )
    if not numeric and not like:
        context.leave(column, _("no indicator"))
        return None
    choices = [(row.code, row.name) for row in like] + [(LEAVE, _("Leave the column out"))]
    asked = _("Which indicator is “%(header)s”?") % {"header": column.header}
    answer = context.ask(Asks.INDICATOR, column, asked, choices)
    if answer == LEAVE:
        context.leave(column, _("left out by your answer"))
    return next((row for row in like if row.code == answer), None)


def _numeric(raw: object) -> bool:
    return bool(re.fullmatch(r"[-+]?[\d,]+(?:\.\d+)?%?", fold(raw)))


def _owned(context: Context, column: Column, meaning: IndicatorVersion) -> bool:
    """Ask whether a column of another department's indicator is to be taken."""
    if meaning.department.path.startswith(context.department.path):
        return True
    # A unit named together with the department (商务局/海关) may own what both report.
    other = meaning.department.short_name
    text = _("“%(header)s” is reported by %(other)s. Whose values count?") % {
        "header": column.header,
        "other": other,
    }
    choices = [
        (LEAVE, _("Those of %(other)s; leave the column out") % {"other": other}),
        ("take", _("Those of this table")),
    ]
    answer = context.ask(Asks.OWNER, column, text, choices)
    if answer == LEAVE:
        context.leave(column, _("reported by %(other)s") % {"other": other})
    return answer == "take"


def _placed(
    context: Context, column: Column, head: Head, meaning: IndicatorVersion
) -> Placed | None:
    span = _span(context, column, head)
    if span is None:
        return None
    placed = span.place(meaning.period, meaning.aggregation)
    if placed:
        return placed
    whole = replace(span, first=0, day=0, until=False)
    start, end = whole.period(meaning.period)
    choices: list[tuple[str, str]] = []
    if span.until and meaning.period == "month":
        choices.append(("since", str(Span(span.year, span.month, 1))))
    choices.append(("whole", f"{start} — {end}"))
    if meaning.period == "year":
        choices.append(("before", str(Span(span.year - 1, 12, 1))))
    choices.append((LEAVE, _("Leave the column out")))
    text = _(
        "“%(header)s” is kept per %(period)s; the table says %(span)s. What does it stand for?"
    )
    asked = text % {
        "header": column.header,
        "period": meaning.get_period_display(),
        "span": span,
    }
    answer = context.ask(Asks.PERIOD, column, asked, choices)
    if answer == LEAVE:
        context.leave(column, _("left out by your answer"))
    return {
        "since": Placed(date(span.year, 1, 1), whole.last_day, span.month > 1),
        "whole": Placed(start, end),
        "before": Placed(date(span.year - 1, 1, 1), date(span.year - 1, 12, 31)),
    }.get(answer or "")


def _span(context: Context, column: Column, head: Head) -> Span | None:
    """Return the months a column speaks of: its own words, or the table's."""
    table = context.span
    own = completed(head.spans, table.year if table else 0)
    if len(own) > 1 or (own and not own[0].year):
        text = _("“%(header)s” does not say one period clearly: write 2024年8月 in its head.")
        context.report.problems.append(
            Problem(context.at(column), text % {"header": column.header})
        )
        return None
    base = own[0] if own else table
    if base is not None and base.bare:
        base = _whole_year(context, base)
    elif base is None:
        context.lacks_period = True
    if base is None:
        return None
    if head.role is Role.CUMULATIVE and base.months == 1:
        base = replace(base, first=1 if base.month > 1 else 0)
    elif head.says_now and not own and head.role is Role.CURRENT and base.cumulative:
        base = replace(base, first=0)
    return _earlier(context, column, base) if head.role is Role.EARLIER else base


def _whole_year(context: Context, year: Span) -> Span | None:
    """Ask whether a table that names nothing but a year speaks of all of it."""
    answer = context.inquiry.ask(
        Asks.PERIOD,
        f"year|{year.year}",
        sheet=context.sheet,
        cell=address(context.sheet, 0, 0),
        text=_("The table names the year %(year)s only. Does it speak of the whole year?")
        % {"year": year.year},
        choices=[("whole", _("Yes, of the whole year"))],
    )
    return replace(year, bare=False) if answer else None


def _earlier(context: Context, column: Column, base: Span) -> Span | None:
    """Ask what a column of last year's values is for: it may only be there to compare."""
    month = Span(base.year - 1, base.month)
    since = Span(base.year - 1, base.month, 1)
    choices = [
        (LEAVE, _("Leave the column out")),
        ("month", _("Store it for %(span)s") % {"span": month}),
        ("since", _("Store it for %(span)s") % {"span": since}),
    ]
    text = _("“%(header)s” holds earlier values. What shall be done with them?")
    answer = context.ask(Asks.EARLIER, column, text % {"header": column.header}, choices)
    if answer == LEAVE:
        context.leave(column, _("left out by your answer"))
    return {"month": month, "since": since}.get(answer or "")


def unit_of(
    context: Context,
    column: Column,
    head: Head,
    meaning: IndicatorVersion,
) -> Fraction | None:
    """Return what a column's numbers are multiplied by; what is not understood is asked."""
    if head.unit:
        return _own_unit(context, column, head.unit, meaning)
    named = [one for line in lines_of(context.table) for one in units_in_lines(line)]
    fits = fitting(named, meaning.unit)
    if len(fits) == 1:
        return unit_factor(fits[0], meaning.unit)
    strange = [one for one in named if not known_unit(one)]
    if len(fits) > 1 or (strange and meaning.unit):
        return _asked_unit(context, column, meaning, "、".join(named))
    if meaning.unit == "%":
        return _shares(context, column, meaning)
    if needs_unit(meaning.unit):
        return _asked_unit(context, column, meaning, "")
    return Fraction(1)


def units_in_lines(line: list[object]) -> list[str]:
    """Return the units a line of cells names, also where they stand one cell further on."""
    for place, cell in enumerate(line):
        named = units_in_line(fold(cell))
        if named:
            return named
        if named == []:
            rest = (fold(one) for one in line[place + 1 :])
            return units_in_line("单位:" + next((one for one in rest if one), "")) or []
        found = re.search(r"\(([^()]{1,8})\)$", fold(cell))
        if found and known_unit(found[1]):
            return [found[1]]
    return []


def _own_unit(
    context: Context, column: Column, written: str, meaning: IndicatorVersion
) -> Fraction | None:
    unit = known_unit(written)
    if not unit:
        return _asked_unit(context, column, meaning, written)
    if unit == "%" == meaning.unit:
        return _shares(context, column, meaning)
    factor = unit_factor(unit, meaning.unit)
    if factor is None:
        text = _("“%(header)s” is in %(unit)s; the indicator is kept in %(wanted)s.") % {
            "header": column.header,
            "unit": unit,
            "wanted": meaning.unit,
        }
        context.report.problems.append(Problem(context.at(column), text))
    return factor


def _asked_unit(
    context: Context, column: Column, meaning: IndicatorVersion, written: str
) -> Fraction | None:
    if written:
        text = _("The unit “%(unit)s” of “%(header)s” is not clear. In what is the column?")
    else:
        text = _("Nothing says in what unit “%(header)s” is. In what is the column?")
    asked = text % {"unit": written, "header": column.header}
    choices = [(unit, unit) for unit in siblings(meaning.unit)]
    answer = context.ask(Asks.UNIT, column, asked, choices)
    return unit_factor(answer, meaning.unit) if answer else None


def _shares(context: Context, column: Column, meaning: IndicatorVersion) -> Fraction | None:
    """Plain numbers up to one in a column of percents could be shares: 0.85 or 85 %."""
    small = [raw for raw in context.values(column) if _is_small(raw)]
    if not small:
        return Fraction(1)
    text = _("“%(header)s” is a percentage, and %(value)s stands in it. Is that a share?") % {
        "header": column.header,
        "value": fold(small[0])[:10],
    }
    choices = [
        (
            "percent",
            _("Plain numbers are percents: %(value)s means as much in a hundred")
            % {"value": fold(small[0])[:10]},
        ),
        ("share", _("Plain numbers are shares: 1 is all")),
    ]
    answer = context.ask(Asks.PERCENT, column, text, choices)
    return {"percent": Fraction(1), "share": Fraction(100)}.get(answer or "")


def _is_small(raw: object) -> bool:
    if isinstance(raw, bool | Percent):
        return False
    try:
        return 0 < abs(float(fold(raw).replace(",", ""))) <= 1.5
    except ValueError:
        return False


def _once(context: Context, found: list[Mapped]) -> list[Mapped]:
    """Ask which column counts where two hold one indicator for the same days."""
    kept: list[Mapped] = []
    groups: dict[tuple[int, Placed], list[Mapped]] = {}
    for one in found:
        groups.setdefault((one.meaning.indicator_id, one.placed), []).append(one)
    for same in groups.values():
        if len(same) == 1:
            kept += same
            continue
        places = [context.at(one.column) for one in same]
        text = _("“%(name)s” stands in %(cells)s. Which of them counts?") % {
            "name": same[0].meaning.name,
            "cells": _(", ").join(places),
        }
        choices = [
            (str(one.column.index), f"{context.at(one.column)} {one.column.header}") for one in same
        ]
        answer = context.ask(Asks.TWICE, same[0].column, text, choices)
        for one in same:
            if answer == str(one.column.index):
                kept.append(one)
            elif answer:
                context.leave(one.column, _("left out by your answer"))
    return kept

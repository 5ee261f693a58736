"""Tie the columns of a table to indicators, units and periods; what is open becomes a question."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from profiles.enums import ValueType
from profiles.models import IndicatorVersion
from profiles.services.column_units import unit_of
from profiles.services.context import Context, Mapped
from profiles.services.questions import LEAVE, Asks
from profiles.services.reports import Problem
from profiles.services.tables import heads
from profiles.services.tables.cells import fold
from profiles.services.tables.grid import Percent, address
from profiles.services.tables.heads import Head, Role
from profiles.services.tables.layout import Column
from profiles.services.tables.periods import Placed, Span, completed
from profiles.services.tables.units import known_unit

NUMBERS = frozenset({ValueType.DECIMAL, ValueType.INT})


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

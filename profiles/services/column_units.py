"""In what a column's numbers are: its own unit, the table's, or a question."""

import re
from fractions import Fraction

from django.utils.translation import gettext as _

from profiles.models import IndicatorVersion
from profiles.services.context import Context
from profiles.services.questions import Asks
from profiles.services.reports import Problem
from profiles.services.tables.cells import fold, unit_factor
from profiles.services.tables.grid import Percent
from profiles.services.tables.heads import Head
from profiles.services.tables.layout import Column, lines_of
from profiles.services.tables.units import (
    fitting,
    known_unit,
    needs_unit,
    siblings,
    units_in_line,
)


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

"""Tables in long form: one row says an enterprise, an indicator and its value."""

from dataclasses import replace

from django.utils.translation import gettext as _

from profiles.services.columns import tie
from profiles.services.context import Context, Mapped
from profiles.services.reports import Problem
from profiles.services.tables import heads
from profiles.services.tables.cells import fold
from profiles.services.tables.grid import address
from profiles.services.tables.layout import Column, Table
from profiles.services.tables.units import known_unit


def is_long(table: Table) -> bool:
    """Say whether a table has a column of indicators' names and one of their values."""
    texts = [column.parts[-1] for column in table.columns if column.parts]
    return any(heads.names_item(text) for text in texts) and any(map(heads.names_value, texts))


def map_rows(context: Context) -> list[Mapped]:
    """Tie every row to the indicator it names; names nobody knows are asked about."""
    columns = [column for column in context.table.columns if column.parts]
    item = next(c for c in columns if heads.names_item(c.parts[-1]))
    values = [c for c in columns if heads.names_value(c.parts[-1])]
    units = next((c.index for c in columns if heads.names_unit(c.parts[-1])), None)
    if len(values) > 1:
        text = _("two columns hold values (%(one)s, %(other)s): keep one") % {
            "one": context.at(values[0]),
            "other": context.at(values[1]),
        }
        context.report.problems.append(Problem(context.at(values[1]), text))
    known: dict[tuple[str, str], Mapped | None] = {}
    found: list[Mapped] = []
    for number in context.table.data_rows:
        name = heads.words(context.table.cell(number, item.index))
        unit = heads.words(context.table.cell(number, units))
        if not name:
            if fold(context.table.cell(number, values[0].index)):
                cell = address(context.sheet, number, item.index)
                context.report.problems.append(Problem(cell, _("no indicator is named here")))
            continue
        if (name, unit) not in known:
            parts = [name, *([f"({unit})"] if unit else [])]
            if unit and not known_unit(unit):
                parts = [f"{name}({unit})"]
            column = Column(values[0].index, parts, number)
            known[name, unit] = tie(context, column)
        mapped = known[name, unit]
        if mapped:
            found.append(replace(mapped, only_row=number))
    return found

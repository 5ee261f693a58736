"""The period of a table: from its title, its sheet, its file; told apart where they differ."""

from dataclasses import replace

from django.utils.translation import gettext as _

from profiles.services.questions import Asks, Inquiry
from profiles.services.tables.layout import Table
from profiles.services.tables.periods import Span, completed, find_spans, named_spans


def table_span(
    table: Table, *, sheet: str, stem: str, given: Span | None, inquiry: Inquiry
) -> Span | None:
    """Return the period a table speaks of, None without one; asks where several are named.

    Raises PeriodProblem for a month 13.
    """
    found = _found(table, sheet, stem)
    if given:
        found = [span for span in found if not span.bare]
        if any((one.year, one.month) == (given.year, given.month) for one in found):
            # The title says more than the month that was named: that it counts from January.
            return next(o for o in found if (o.year, o.month) == (given.year, given.month))
        found = [given, *found]
    if len(found) <= 1:
        return found[0] if found else None
    choices = [(str(number), str(span)) for number, span in enumerate(found)]
    answer = inquiry.ask(
        Asks.PERIOD,
        f"{table.top}|{'|'.join(text for _key, text in choices)}",
        sheet=sheet,
        cell=sheet,
        text=_("The table does not say its period clearly. Of which does it speak?"),
        choices=choices,
    )
    # Until it is answered the rest is read as if the first were meant: all is asked at once.
    return replace(found[int(answer or 0)], bare=False)


def _found(table: Table, sheet: str, stem: str) -> list[Span]:
    """Return the periods named, the title's first; one that only says less is not another."""
    title = completed([span for line in table.lines for span in named_spans(line)])
    others = [find_spans(sheet), find_spans(stem)]
    years = {span.year for span in title if span.year}
    years = years or {span.year for spans in others for span in spans if span.year}
    year = years.pop() if len(years) == 1 else 0
    found = completed(title, year)
    for spans in others:
        for span in completed(spans, year):
            if span.year and not any(_says_as_much(one, span) for one in found):
                found.append(span)
    full = [span for span in found if span.year and not span.bare]
    return full or [span for span in found if span.year]


def _says_as_much(one: Span, other: Span) -> bool:
    if other.bare:
        return one.year == other.year
    return not one.bare and (one.year, one.month) == (other.year, other.month)

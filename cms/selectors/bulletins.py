"""Reads of the publishing room: the bulletin of a month."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import CharField, Model, Q, QuerySet, TextField
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from cms.enums import BULLETIN_FIGURES
from crm.common.days import clock
from crm.common.days.calendar import calendar_held
from crm.common.days.clock import month_bounds
from crm.common.errors import UserFacingError
from crm.common.face import formatting
from crm.common.face.documents import Official, Paragraph, Table
from crm.common.people.actor import Actor
from crm.common.records import chain
from crm.common.slots import figures
from crm.common.slots.figures import Figure

FIRST_MONTH = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure of a bulletin: as of this month's end, as of last month's, and in between.

    The numbers are in the unit the figure is shown in; None where nobody reported.
    """

    figure: Figure
    value: Decimal | None
    before: Decimal | None
    did_not_report: int = 0

    @property
    def added(self) -> Decimal | None:
        """What came in this month; of a figure of the month, the month itself."""
        if self.figure.is_monthly:
            return self.value
        return None if self.value is None else self.value - (self.before or 0)

    @property
    def total(self) -> Decimal | None:
        """All up to the cut-off; a figure of one month has none."""
        return None if self.figure.is_monthly else self.value

    @property
    def total_before(self) -> Decimal | None:
        """All up to the end of last month."""
        return None if self.figure.is_monthly else self.before


@dataclass(frozen=True, slots=True)
class Bulletin:
    """The figures of a month as of its last moment, and the audit's end when it was drawn."""

    month: date
    cutoff: datetime
    lines: tuple[FigureLine, ...]
    audit_head: chain.Head | None = None

    @property
    def by_key(self) -> dict[str, FigureLine]:
        """The lines by the key of their figure."""
        return {line.figure.key: line for line in self.lines}


def parse_month(text: str, *, today: date) -> date:
    """Return the first day of a month written 2024-08.

    Raises UserFacingError for anything else, and for a month that has not begun.
    """
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UserFacingError(_("Write the month as 2024-08, not “%s”.") % text[:20]) from None
    if month > today:
        raise UserFacingError(_("%s has not begun: there is no bulletin of it yet.") % text)
    if month < FIRST_MONTH:
        raise UserFacingError(_("There are no figures before 2020-01."))
    return month


def cutoff_of(month: date) -> datetime:
    """Return the first moment that no longer counts for a month."""
    return month_bounds(month)[1]


def bulletin_for(month: date) -> Bulletin:
    """Count every figure of a month's bulletin; the page and the command both call this."""
    cutoff, before = cutoff_of(month), month_bounds(month)[0]
    with calendar_held():
        lines = tuple(_line(figures.get(key), cutoff, before) for key in BULLETIN_FIGURES)
    return Bulletin(month, cutoff, lines, chain.current_head())


def figure_line(key: str, month: date) -> FigureLine:
    """Count one figure of a month as the bulletin counts it; raises KeyError for no figure."""
    with calendar_held():
        return _line(figures.get(key), cutoff_of(month), month_bounds(month)[0])


def _line(figure: Figure, cutoff: datetime, before: datetime) -> FigureLine:
    return FigureLine(
        figure,
        figure.shown(figure.value(cutoff)),
        figure.shown(figure.value(before)),
        figure.did_not_report(cutoff),
    )


def by_area(figure: Figure, month: date) -> list[tuple[str, Decimal | None]]:
    """Return a figure of a month area by area, the largest first; empty where rows know none."""
    with calendar_held():
        found = figure.by_area(cutoff_of(month))
    shown = [(str(name), figure.shown(value)) for name, value in found.items()]
    return sorted(shown, key=lambda pair: (-(pair[1] or 0), pair[0]))


def figure_rows(key: str, month: date) -> tuple[Figure, QuerySet[Any]]:
    """Return a figure and the very rows it counts; raises KeyError for an unknown key."""
    figure = figures.get(key)
    return figure, figure.rows(cutoff_of(month))


def shown_to(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows of a figure the actor may see; what is hidden counts all the same."""
    if actor.sees_all:
        return rows
    model: Any = rows.model
    return rows.filter(pk__in=model.objects.visible_to(actor).values("pk"))


def withheld_from(actor: Actor, rows: QuerySet[Any]) -> int:
    """Return how many rows of a figure count without being shown to the actor."""
    return 0 if actor.sees_all else rows.count() - shown_to(actor, rows).count()


def matching(figure: Figure, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Return the rows of a figure that hold the words in one of its columns of text."""
    words = query.strip()
    if not words:
        return rows
    test = Q()
    for path, _label in figure.columns:
        if _is_text(rows.model, path):
            test |= Q(**{f"{path}__icontains": words})
    return rows.filter(test)


def field_at(model: type[Model] | None, path: str) -> Any:
    """Return the stored column a path ends at, or nothing (columns may be computed as well)."""
    field: Any = None
    for step in path.split("__"):
        known = {one.name: one for one in model._meta.get_fields()} if model else {}
        field = known.get(step)
        model = getattr(field, "related_model", None)
    return field


def _is_text(model: type[Model] | None, path: str) -> bool:
    return isinstance(field_at(model, path), CharField | TextField)


def value_at(row: Any, path: str) -> Any:
    """Return what a row holds at a column's path; amounts in 元."""
    value = row
    for step in path.split("__"):
        value = getattr(value, step, None)
        if value is None:
            return ""
    return value / 100 if path.endswith("_fen") else value


def as_json(bulletin: Bulletin) -> dict[str, Any]:
    """Return a bulletin in the form other programs read."""
    month = f"{bulletin.month:%Y-%m}"
    told = {}
    with translation.override("zh-hans"):
        for line in bulletin.lines:
            key = line.figure.key
            told[key] = {
                "value": _plain(line.value),
                "unit": str(line.figure.unit),
                "rows": reverse("staff:cms:figure_detail", args=[month, key]),
                "label_zh": str(line.figure.label),
            }
    return {"month": month, "figures": told}


def _audit_words(head: chain.Head | None) -> str:
    """Say where the audit ends, as it is printed: whoever keeps the paper can have it checked."""
    return _("End of the audit chain: %(head)s.") % {"head": head.short} if head else ""


def _plain(value: Decimal | None) -> int | float | None:
    """Return a number for other programs: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def bulletin_document(bulletin: Bulletin) -> Official:
    """Return a bulletin as an official document, its figures in the order they are read out."""
    with translation.override("zh-hans"):
        month = formatting.month(bulletin.month)
        rows = tuple(
            (
                str(line.figure.label),
                formatting.grouped(line.added)
                if line.figure.is_monthly
                else formatting.signed(line.added),
                formatting.grouped(line.total),
                str(line.figure.unit),
            )
            for line in bulletin.lines
        )
        last_day = clock.local_date(bulletin.cutoff - timedelta(seconds=1))
        opening = _("Up to %(day)s the city counts as follows; every figure opens to its rows.")
        return Official(
            title=_("Investor care bulletin, %(month)s") % {"month": month},
            parts=(
                Paragraph(opening % {"day": formats.date_format(last_day, "DATE_FORMAT")}),
                Table((_("Figure"), _("This month"), _("Total"), _("Unit")), rows, (1, 2)),
                *((Paragraph(words),) if (words := _audit_words(bulletin.audit_head)) else ()),
            ),
            signed=settings.ANSHANG_CITY_NAME,
            dated=formats.date_format(last_day, "DATE_FORMAT"),
        )


def recent_months(today: date, count: int = 24) -> list[date]:
    """Return the last months that have ended, newest first."""
    months, month = [], today.replace(day=1)
    for _number in range(count):
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
        months.append(month)
    return months

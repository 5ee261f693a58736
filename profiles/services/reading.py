"""From a file to values: every sheet, table and cell, nothing guessed and nothing lost unsaid."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from crm.common.errors import UserFacingError
from crm.common.outbox.jobs import Watch
from crm.common.quantity import SCALE
from crm.models import Department
from profiles.enums import ValueType
from profiles.models import ColumnMapping, IndicatorVersion, LayoutAnswer
from profiles.services.columns import NUMBERS, map_columns
from profiles.services.context import Context, Mapped, Words
from profiles.services.long_form import is_long, map_rows
from profiles.services.owners import owners_of
from profiles.services.questions import Asks, Inquiry, layout_of
from profiles.services.recording import Key, Value
from profiles.services.reports import ImportReport, Problem
from profiles.services.table_period import table_span
from profiles.services.tables import heads
from profiles.services.tables.cells import (
    NOTHING,
    CellProblem,
    fold,
    read_cell,
    says_nothing,
    unit_factor,
)
from profiles.services.tables.grid import Sheet, address, column_letter, sheets_of
from profiles.services.tables.layout import LayoutProblem, Table, find_tables
from profiles.services.tables.periods import PeriodProblem, Placed, Span, completed, span_of_cell
from profiles.services.tables.units import known_unit

MAX_PROBLEMS = 500
# Percent of the way behind, when the file is read and when it is checked.
READ, CHECKED = 5, 40


@dataclass(slots=True)
class Reading:
    """What was read of a file, and what its department calls things in it."""

    department: Department
    name: str
    today: date
    period: Span | None
    report: ImportReport
    inquiry: Inquiry
    layout: str = ""
    values: dict[Key, Value] = field(default_factory=dict)
    cells: dict[Key, str] = field(default_factory=dict)
    mapped: list[tuple[str, IndicatorVersion]] = field(default_factory=list)
    remembered: dict[str, int] = field(default_factory=dict)


def read_file(
    *,
    department: Department,
    name: str,
    content: bytes,
    today: date,
    period: Span | None,
    answers: dict[str, str],
    report: ImportReport,
    watch: Watch,
) -> Reading:
    """Read a file's values; problems and questions stand in the report afterwards.

    Raises FileRefused when it cannot be opened, UserFacingError when no table, no indicator or
    no period is found in it.
    """
    sheets = [sheet for sheet in sheets_of(name=name, content=content) if sheet.rows]
    several = len(sheets) > 1
    found = [(sheet, tables) for sheet in sheets if (tables := _tables(sheet, several, report))]
    if not found and not report.problems:
        raise UserFacingError(
            _("“%(name)s” has no column “统一社会信用代码” in its first 30 rows.") % {"name": name}
        )
    layout = layout_of(table for _sheet, tables in found for table in tables)
    remembered = LayoutAnswer.objects.filter(department=department, layout=layout).first()
    inquiry = Inquiry(answers, remembered.answers if remembered else {})
    reading = Reading(department, name, today, period, report, inquiry, layout)
    reading.remembered = dict(
        ColumnMapping.objects.filter(department=department).values_list("header", "indicator")
    )
    chosen = [(sheet, table) for sheet, tables in _chosen(reading, found) for table in tables]
    for place, (sheet, table) in enumerate(chosen):
        share = READ + (CHECKED - READ) * place // len(chosen)
        watch.progress(share, _("Checking “%s”") % (sheet.name or name))
        _read_table(reading, sheet.name if several else "", table)
    _judge(reading, chosen)
    report.questions = list(inquiry.open.values())
    return reading


def _tables(sheet: Sheet, several: bool, report: ImportReport) -> list[Table]:
    label = sheet.name if several else ""
    if sheet.hidden:
        report.left.append(Problem(label, _("the sheet is hidden and was not read")))
        return []
    try:
        tables = find_tables(sheet)
    except LayoutProblem as problem:
        texts = {
            "beside": _("two tables stand beside each other: put one below the other"),
            "across": _("enterprises stand side by side: turn the table, one row for each"),
        }
        cell = address(label, problem.row, problem.column)
        report.problems.append(Problem(cell, texts[problem.why]))
        return []
    if not tables and several:
        report.left.append(Problem(label, _("no table of enterprises on this sheet")))
    return [table for table in tables if table.data_rows or table.orphans]


def _chosen(
    reading: Reading, found: list[tuple[Sheet, list[Table]]]
) -> list[tuple[Sheet, list[Table]]]:
    """Ask which of several sheets are to be read."""
    if len(found) < 2:
        return found
    names = [sheet.name for sheet, _tables_of in found]
    answer = reading.inquiry.ask(
        Asks.SHEETS,
        str(len(names)),
        sheet="",
        cell="",
        text=_("The file has %(count)s sheets with tables: %(names)s. Which are to be read?")
        % {"count": len(names), "names": _(", ").join(names)},
        choices=[("all", _("All of them")), *((str(n), one) for n, one in enumerate(names))],
    )
    if answer in (None, "all"):
        return found
    for place, one in enumerate(names):
        if str(place) != answer:
            reading.report.left.append(Problem(one, _("left out by your answer")))
    return [found[int(str(answer))]]


def _read_table(reading: Reading, sheet: str, table: Table) -> None:
    report = reading.report
    rows_with_period = [
        c.index for c in table.columns if c.parts and heads.names_period(c.parts[-1])
    ]
    try:
        span = table_span(
            table,
            sheet=sheet,
            stem=PurePath(reading.name).stem,
            given=reading.period,
            inquiry=reading.inquiry,
        )
        words = Words.on(span.last_day if span else reading.today, reading.remembered)
        context = Context(table, sheet, span, words, reading.department, reading.inquiry, report)
        if rows_with_period and span is None:
            context.span = _any_span(table, rows_with_period)
        long = is_long(table)
        mapped = map_rows(context) if long else map_columns(context)
    except PeriodProblem as problem:
        text = _("“%(words)s” is no period") % {"words": problem}
        report.problems.append(Problem(address(sheet, table.top, table.key_column), text))
        return
    if context.lacks_period:
        raise UserFacingError(
            _("“%(name)s” does not say of which month it speaks: name it with --period 2024-08.")
            % {"name": reading.name}
        )
    if context.span and not report.period:
        report.period = f"{context.span.year}-{context.span.month:02d}"
    _look_at_rows(context, mapped)
    owners = owners_of(context, once=not (long or rows_with_period))
    report.rows += len(table.data_rows)
    report.columns += dict.fromkeys(item.meaning.name for item in mapped)
    head = "·".join
    reading.mapped += [(head(i.column.parts)[:120], i.meaning) for i in mapped if not long]
    for item in mapped:
        _read_column(reading, context, item, owners, rows_with_period)


def _any_span(table: Table, columns: list[int]) -> Span | None:
    """Return a period of the rows, to tie the columns by; each row has its own afterwards."""
    for number in table.data_rows:
        spans = _row_spans(table, number, columns, 0)
        if len(spans) == 1 and spans[0].year:
            return spans[0]
    return None


def _row_spans(table: Table, number: int, columns: list[int], year: int) -> list[Span]:
    spans: list[Span] = []
    by_index = {column.index: column for column in table.columns}
    for index in columns:
        spans += span_of_cell(by_index[index].parts[-1], table.cell(number, index))
    return completed(spans, year)


def _look_at_rows(context: Context, mapped: list[Mapped]) -> None:
    """Name rows that are nobody's, ask about hidden ones, refuse values merged over rows."""
    table = context.table
    for number in table.orphans:
        column = next(i for i, cell in enumerate(table.sheet.rows[number]) if fold(cell))
        text = _("the row has values, but neither code nor name: write whose they are")
        context.report.problems.append(Problem(address(context.sheet, number, column), text))
    hidden = [n for n in table.data_rows if n + 1 in table.sheet.hidden_rows]
    if hidden:
        answer = context.inquiry.ask(
            Asks.HIDDEN,
            "rows",
            sheet=context.sheet,
            cell=address(context.sheet, hidden[0], table.key_column),
            text=_("%(count)s rows are hidden. Do they count?") % {"count": len(hidden)},
            choices=[("read", _("Yes, read them")), ("leave", _("No, leave them out"))],
        )
        if answer == "leave":
            table.data_rows = [n for n in table.data_rows if n not in hidden]
    taken = {item.column.index for item in mapped}
    data = set(table.data_rows)
    for r0, c0, r1, c1 in table.sheet.merged:
        covered = len(data & set(range(r0, r1 + 1))) * (c1 - c0 + 1)
        mine = r0 in data and taken & set(range(c0, c1 + 1))
        if mine and covered > 1 and not says_nothing(table.cell(r0, c0), ""):
            text = _("the cell is merged with others: part them and write each value")
            context.report.problems.append(Problem(address(context.sheet, r0, c0), text))


def _read_column(
    reading: Reading,
    context: Context,
    item: Mapped,
    owners: dict[int, int],
    period_columns: list[int],
) -> None:
    letter = column_letter(item.column.index)
    for number, enterprise_id in owners.items():
        if item.only_row is not None and item.only_row != number:
            continue
        raw = context.table.cell(number, item.column.index)
        if says_nothing(raw, item.meaning.value_type):
            continue
        cell = address(context.sheet, number, item.column.index)
        try:
            placed = _placed(context, item, number, period_columns)
            read = _value(context, item, number, raw)
        except CellProblem as problem:
            if len(reading.report.problems) < MAX_PROBLEMS:
                reading.report.problems.append(Problem(cell, str(problem)))
            continue
        if read is None:
            continue
        value = Value(
            enterprise_id=enterprise_id,
            indicator_id=item.meaning.indicator_id,
            period_start=placed.start,
            period_end=placed.end,
            number_e4=read[0],
            text=read[1],
            cumulative=placed.cumulative,
            row=number + 1,
            column=letter,
        )
        _warn(item.meaning, read, cell, reading.report)
        _keep(reading, value, cell)


def _placed(context: Context, item: Mapped, number: int, columns: list[int]) -> Placed:
    if not columns:
        return item.placed
    try:
        year = context.span.year if context.span else 0
        spans = _row_spans(context.table, number, columns, year)
    except PeriodProblem as problem:
        raise CellProblem(_("“%(words)s” is no period") % {"words": problem}) from None
    placed = (
        spans[0].place(item.meaning.period, item.meaning.aggregation)
        if len(spans) == 1 and spans[0].year
        else None
    )
    if placed is None:
        raise CellProblem(_("the row does not say one period clearly: write 2024-08"))
    return placed


def _value(context: Context, item: Mapped, number: int, raw: Any) -> tuple[int | None, str] | None:
    """Return what a cell says; None while it is asked about. Raises CellProblem."""
    meaning, factor = item.meaning, item.factor
    if fold(raw) == NOTHING and meaning.value_type in NUMBERS:
        return _nothing(context, item, number)
    if item.unit_by_row and meaning.unit:
        factor = _row_factor(context, meaning, number)
    read = read_cell(
        raw,
        value_type=meaning.value_type,
        factor=factor,
        decimals=meaning.decimals,
        unit=meaning.unit,
    )
    if meaning.value_type == ValueType.CATEGORY and not meaning.is_plausible(None, read[1]):
        raise CellProblem(
            _("“%(name)s” is “%(value)s”; known are: %(values)s.")
            % {
                "name": meaning.name,
                "value": read[1],
                "values": _(", ").join(meaning.legal_values),
            }
        )
    early = meaning.value_type == ValueType.DATE and context.table.sheet.early_dates
    if early and isinstance(raw, int | float):
        raise CellProblem(_("the date is a bare number: format the column as dates"))
    return read


def _nothing(context: Context, item: Mapped, number: int) -> tuple[int | None, str] | None:
    """Ask whether “无” is a zero: it also stands for what was not reported."""
    cell = address(context.sheet, number, item.column.index)
    text = _("“无” stands in “%(header)s” (%(cell)s). Is it a zero?")
    answer = context.ask(
        Asks.NOTHING,
        item.column,
        text % {"header": item.column.header, "cell": cell},
        [("zero", _("Yes, zero")), ("missing", _("No, nothing was reported"))],
    )
    return (0, "") if answer == "zero" else None


def _row_factor(context: Context, meaning: IndicatorVersion, number: int) -> Fraction:
    written = fold(context.table.cell(number, context.unit_column))
    factor = unit_factor(known_unit(written) or "?", meaning.unit)
    if factor is None:
        raise CellProblem(
            _("the row's unit “%(unit)s” is none of “%(name)s” (%(wanted)s)")
            % {"unit": written, "name": meaning.name, "wanted": meaning.unit}
        )
    return factor


def _keep(reading: Reading, value: Value, cell: str) -> None:
    """Keep a value; two that differ for one enterprise, indicator and period are a problem."""
    before = reading.values.get(value.key)
    if before is None:
        reading.values[value.key] = value
        reading.cells[value.key] = cell
    elif (before.number_e4, before.text) != (value.number_e4, value.text):
        text = _("differs from %(cell)s, which says the same enterprise, indicator and period")
        reading.report.problems.append(Problem(cell, text % {"cell": reading.cells[value.key]}))


def _warn(
    meaning: IndicatorVersion, read: tuple[int | None, str], cell: str, report: ImportReport
) -> None:
    e4, text = read
    number = None if e4 is None else Decimal(e4) / SCALE
    if e4 is None or meaning.is_plausible(number, text) or len(report.warnings) >= MAX_PROBLEMS:
        return
    words = _("“%(name)s” lies outside its plausible range %(low)s to %(high)s.") % {
        "name": meaning.name,
        "low": meaning.plausible_min,
        "high": meaning.plausible_max,
    }
    report.warnings.append(Problem(cell, words))


def _judge(reading: Reading, chosen: Iterable[tuple[Sheet, Table]]) -> None:
    """Refuse days to come, and a file of which no column was understood."""
    report = reading.report
    report.sheets = list(dict.fromkeys(sheet.name for sheet, _table in chosen if sheet.name))
    late = {key: cell for key, cell in reading.cells.items() if key[3] > reading.today}
    for key, cell in late.items():
        running = key[2] <= reading.today and (key[3] - key[2]).days > 62 and not key[4]
        if running or len(report.problems) >= MAX_PROBLEMS:
            continue
        text = _("the period ends on %(day)s, which is still to come") % {"day": key[3]}
        report.problems.append(Problem(cell, text))
    if not (report.columns or report.problems or reading.inquiry.open):
        raise UserFacingError(
            _("No column of “%(name)s” is an indicator we know: %(columns)s.")
            % {"name": report.file, "columns": _(", ").join(report.ignored_columns)}
        )

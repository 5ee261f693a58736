"""Import a department's table: checked whole, stored whole, undone whole."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox.jobs import Unwatched, Watch
from crm.common.people.actor import Actor
from crm.common.quantity import SCALE
from crm.common.records.files import TABLES, attach, store_file
from crm.models import Department, Enterprise, FormerName
from crm.rules import clean_uscc, uscc_problem
from profiles.enums import BatchStatus, ReviewReason
from profiles.models import ColumnMapping, ImportBatch, IndicatorVersion
from profiles.permissions import can_import
from profiles.selectors import versions_on
from profiles.services.recording import Value, record_values
from profiles.services.reports import ImportRefused, ImportReport, Problem, ReviewRow
from profiles.services.reviewing import store_review
from profiles.services.tables.cells import CellProblem, fold, is_missing, read_cell, unit_factor
from profiles.services.tables.grid import Grid, column_letter, read_grid
from profiles.services.tables.layout import Column, Layout, Span, find_layout, find_span

MAX_PROBLEMS = 500
# Percent of the way behind, when the file is read, checked, stored.
READ, CHECKED, STORED = 5, 40, 95


@dataclass(frozen=True, slots=True)
class _Mapped:
    column: Column
    meaning: IndicatorVersion


def import_table(
    *,
    actor: Actor,
    department: Department,
    name: str,
    content: bytes,
    at: datetime,
    period: Span | None = None,
    dry_run: bool = False,
    watch: Watch | None = None,
) -> ImportReport:
    """Check one table and, unless it is a dry run, store it as one batch.

    Rows whose enterprise is not known or whose code is wrong go to the review list and do not
    hold the others up. Raises ImportRefused when a cell cannot be read, FileRefused when the
    file cannot be opened, UserFacingError when no table or period is found in it.
    """
    if not can_import(actor, department):
        raise NotAllowedError(_("Handlers of the department may import."))
    report = ImportReport(file=name, department=str(department))
    digest = hashlib.sha256(content).hexdigest()
    if _known_already(department, digest, report):
        return report
    watch = watch or Unwatched()
    watch.progress(READ, _("Reading %s") % name)
    grid = read_grid(name=name, content=content)
    layout, span = _understand(grid, name, period)
    report.period = f"{span.year}-{span.month:02d}"
    owner = None if actor.is_system else department
    mapped = _map_columns(layout, department, span, report, owner)
    values = _check(grid, layout, mapped, span, report, watch)
    report.values = len(values)
    if report.problems:
        if dry_run:
            return report
        raise ImportRefused(report)
    if not dry_run:
        # Nothing is locked while the table is read and checked.
        with watch.writing():
            _store(actor, department, name, content, digest, values, mapped, report, at, watch)
    return report


def _known_already(department: Department, digest: str, report: ImportReport) -> bool:
    done = ImportBatch.objects.filter(
        department=department, sha256=digest, status=BatchStatus.IMPORTED
    ).first()
    if done:
        report.already_imported, report.batch_id = True, done.pk
    return done is not None


def _understand(grid: Grid, name: str, period: Span | None) -> tuple[Layout, Span]:
    layout = find_layout(grid)
    if layout is None:
        raise UserFacingError(
            _("“%(name)s” has no column “统一社会信用代码” in its first 30 rows.") % {"name": name}
        )
    span = period or find_span(layout.title) or find_span(name)
    if span is None:
        raise UserFacingError(
            _("“%(name)s” does not say of which month it speaks: name it with --period 2024-08.")
            % {"name": name}
        )
    return layout, span


def _map_columns(
    layout: Layout,
    department: Department,
    span: Span,
    report: ImportReport,
    owner: Department | None,
) -> list[_Mapped]:
    """Tie columns to indicators; with an `owner`, those of other departments are problems."""
    in_force = {row.indicator_id: row for row in versions_on(span.last_day)}
    by_name = {row.name: row for row in in_force.values()}
    remembered = dict(
        ColumnMapping.objects.filter(department=department).values_list("header", "indicator")
    )
    mapped = []
    for column in layout.columns:
        known = in_force.get(remembered.get(column.header, 0)) or by_name.get(column.header)
        if known is None:
            report.ignored_columns.append(column.header)
            continue
        meaning = known.indicator.on(span.period(known.period)[0])
        if wrong := _column_problem(column, meaning, owner):
            report.problems.append(Problem(column_letter(column.index), wrong))
            continue
        mapped.append(_Mapped(column, meaning))
        report.columns.append(known.name)
    if not mapped and not report.problems:
        raise UserFacingError(
            _("No column of “%(name)s” is an indicator we know: %(columns)s.")
            % {"name": report.file, "columns": _(", ").join(report.ignored_columns)}
        )
    return mapped


def _column_problem(
    column: Column, meaning: IndicatorVersion, owner: Department | None
) -> str | None:
    """Say why a column cannot be taken: a unit unlike the indicator's, another's indicator."""
    if owner and not meaning.department.path.startswith(owner.path):
        return _("“%(header)s” is reported by %(other)s. Take the column out of your table.") % {
            "header": column.header,
            "other": meaning.department.short_name,
        }
    if unit_factor(column.unit, meaning.unit) is None:
        return _("“%(header)s” is in %(unit)s; the indicator is kept in %(wanted)s.") % {
            "header": column.header,
            "unit": column.unit,
            "wanted": meaning.unit,
        }
    return None


def _check(
    grid: Grid,
    layout: Layout,
    mapped: list[_Mapped],
    span: Span,
    report: ImportReport,
    watch: Watch,
) -> list[Value]:
    owners = _owners(grid, layout, report)
    report.rows = len(layout.data_rows)
    values: list[Value] = []
    for place, item in enumerate(mapped):
        share = CHECKED - READ
        watch.progress(READ + share * place // len(mapped), _("Checking “%s”") % item.meaning.name)
        factor = unit_factor(item.column.unit, item.meaning.unit)
        assert factor is not None  # _map_columns has refused the others
        start, end = span.period(item.meaning.period)
        letter = column_letter(item.column.index)
        for number, enterprise_id in owners.items():
            row = grid[number]
            raw = row[item.column.index] if item.column.index < len(row) else ""
            if is_missing(raw):
                continue
            cell = f"{letter}{number + 1}"
            try:
                e4, text = read_cell(
                    raw,
                    value_type=item.meaning.value_type,
                    factor=factor,
                    decimals=item.meaning.decimals,
                )
            except CellProblem as problem:
                if len(report.problems) < MAX_PROBLEMS:
                    report.problems.append(Problem(cell, str(problem)))
                continue
            _warn_if_implausible(item.meaning, (e4, text), cell, report)
            values.append(
                Value(
                    enterprise_id=enterprise_id,
                    indicator_id=item.meaning.indicator_id,
                    period_start=start,
                    period_end=end,
                    number_e4=e4,
                    text=text,
                    cumulative=span.cumulative or item.column.cumulative,
                    row=number + 1,
                    column=letter,
                )
            )
    return values


def _warn_if_implausible(
    meaning: IndicatorVersion, value: tuple[int | None, str], cell: str, report: ImportReport
) -> None:
    e4, text = value
    number = None if e4 is None else Decimal(e4) / SCALE
    if meaning.is_plausible(number, text) or len(report.warnings) >= MAX_PROBLEMS:
        return
    if e4 is None:
        words = _("“%(name)s” is “%(value)s”; known are: %(values)s.") % {
            "name": meaning.name,
            "value": text,
            "values": _(", ").join(meaning.legal_values),
        }
    else:
        words = _("“%(name)s” lies outside its plausible range %(low)s to %(high)s.") % {
            "name": meaning.name,
            "low": meaning.plausible_min,
            "high": meaning.plausible_max,
        }
    report.warnings.append(Problem(cell, words))


def _owners(grid: Grid, layout: Layout, report: ImportReport) -> dict[int, int]:
    """Return the enterprise of each data row; the others go to the review list."""
    codes = {n: clean_uscc(fold(_cell(grid[n], layout.code_column))) for n in layout.data_rows}
    names = {n: fold(_cell(grid[n], layout.name_column)) for n in layout.data_rows}
    by_code = _lookup(Enterprise.objects.all(), "uscc", codes.values(), "pk")
    blank = [names[n] for n, code in codes.items() if not code and names[n]]
    by_name = _lookup(Enterprise.objects.all(), "name", blank, "pk")
    by_name |= _lookup(FormerName.objects.all(), "name", blank, "enterprise_id")
    owners: dict[int, int] = {}
    taken: dict[int, int] = {}
    for number, code in codes.items():
        owner = by_code.get(code) if code else by_name.get(names[number])
        if owner is None:
            wrong = bool(code) and uscc_problem(code) is not None
            reason = ReviewReason.WRONG_CODE if wrong else ReviewReason.UNKNOWN
            report.review.append(ReviewRow(number + 1, code[:60], names[number][:120], reason))
        elif owner in taken:
            cell = f"{column_letter(layout.code_column)}{number + 1}"
            text = _("the same enterprise stands in row %(row)s already") % {"row": taken[owner]}
            report.problems.append(Problem(cell, text))
        else:
            taken[owner] = number + 1
            owners[number] = owner
    return owners


def _cell(row: list[Any], index: int | None) -> Any:
    return row[index] if index is not None and index < len(row) else ""


def _lookup(rows: Any, column: str, wanted: Iterable[str], value: str) -> dict[str, int]:
    keys, found = sorted({key for key in wanted if key}), {}
    for start in range(0, len(keys), 500):
        part = rows.filter(**{f"{column}__in": keys[start : start + 500]})
        found.update(part.values_list(column, value))
    return found


def _store(
    actor: Actor,
    department: Department,
    name: str,
    content: bytes,
    digest: str,
    values: list[Value],
    mapped: list[_Mapped],
    report: ImportReport,
    at: datetime,
    watch: Watch,
) -> None:
    """Store everything in the transaction of the caller; one table of a department at a time."""
    Department.objects.select_for_update(no_key=True).get(pk=department.pk)
    if _known_already(department, digest, report):
        return

    def tell(done: int, total: int) -> None:
        words = _("%(done)s of %(total)s values") % {"done": done, "total": total}
        watch.progress(CHECKED + (STORED - CHECKED) * done // total, words)

    upload = SimpleUploadedFile(name, content)
    kept = store_file(
        actor=actor, upload=upload, purpose="import", at=at, allowed=TABLES, max_bytes=len(content)
    )
    batch = record_values(
        actor=actor,
        department=department,
        name=name,
        sha256=digest,
        values=values,
        at=at,
        file=kept,
        tell=tell,
    )
    attach([kept], batch)
    batch.rows = report.rows
    batch.warnings = [f"{row.cell} {row.text}" for row in report.warnings]
    batch.save(update_fields=["rows", "warnings"])
    store_review(batch, report.review, watch, STORED)
    for item in mapped:
        ColumnMapping.objects.update_or_create(
            department=department,
            header=item.column.header,
            defaults={"indicator": item.meaning.indicator},
        )
    report.batch_id, report.created = batch.pk, batch.created
    report.corrected, report.unchanged = batch.corrected, batch.unchanged

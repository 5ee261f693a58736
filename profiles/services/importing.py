"""Import a department's table: checked whole, stored whole, undone whole."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError
from crm.common.outbox.jobs import Unwatched, Watch
from crm.common.people.actor import Actor
from crm.common.records.files import TABLES, attach, store_file
from crm.models import Department
from profiles.enums import BatchStatus
from profiles.models import ColumnMapping, ImportBatch, LayoutAnswer
from profiles.permissions import can_import
from profiles.services.differences import with_months
from profiles.services.reading import CHECKED, READ, Reading, read_file
from profiles.services.recording import record_values
from profiles.services.reports import ImportAsks, ImportRefused, ImportReport
from profiles.services.reviewing import store_review
from profiles.services.tables.periods import Span

# Percent of the way behind when everything is stored.
STORED = 95


def import_table(
    *,
    actor: Actor,
    department: Department,
    name: str,
    content: bytes,
    at: datetime,
    period: Span | None = None,
    dry_run: bool = False,
    answers: Mapping[str, str] | None = None,
    watch: Watch | None = None,
) -> ImportReport:
    """Check one table and, unless it is a dry run, store it as one batch.

    Rows whose enterprise is not known or whose code is wrong go to the review list and do not
    hold the others up. What the table leaves open is asked (`report.questions`), and nothing is
    stored until `answers` has it; what holds for the next table is remembered for the department.
    Raises ImportRefused when a cell cannot be read, ImportAsks when a question is open,
    FileRefused when the file cannot be opened, UserFacingError when no table or period is found.
    """
    if not can_import(actor, department):
        raise NotAllowedError(_("Handlers of the department may import."))
    report = ImportReport(file=name, department=str(department))
    digest = hashlib.sha256(content).hexdigest()
    if _known_already(department, digest, report):
        return report
    watch = watch or Unwatched()
    watch.progress(READ, _("Reading %s") % name)
    reading = read_file(
        department=department,
        name=name,
        content=content,
        today=at.date(),
        period=period,
        answers=dict(answers or {}),
        report=report,
        watch=watch,
    )
    report.values = len(reading.values)
    if report.problems or report.questions:
        if dry_run:
            return report
        raise ImportRefused(report) if report.problems else ImportAsks(report)
    if not dry_run:
        # Nothing is locked while the table is read and checked.
        with watch.writing():
            _store(actor, reading, content, digest, at, watch)
    return report


def _known_already(department: Department, digest: str, report: ImportReport) -> bool:
    done = ImportBatch.objects.filter(
        department=department, sha256=digest, status=BatchStatus.IMPORTED
    ).first()
    if done:
        report.already_imported, report.batch_id = True, done.pk
    return done is not None


def _store(
    actor: Actor, reading: Reading, content: bytes, digest: str, at: datetime, watch: Watch
) -> None:
    """Store everything in the transaction of the caller; one table of a department at a time."""
    department, name, report = reading.department, reading.name, reading.report
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
        values=with_months(reading.values.values()),
        at=at,
        file=kept,
        tell=tell,
    )
    attach([kept], batch)
    batch.rows = report.rows
    batch.warnings = [f"{row.cell} {row.text}" for row in report.warnings]
    batch.answers = reading.inquiry.used
    batch.save(update_fields=["rows", "warnings", "answers"])
    store_review(batch, report.review, watch, STORED)
    _remember(reading)
    report.batch_id, report.created = batch.pk, batch.created
    report.corrected, report.unchanged = batch.corrected, batch.unchanged


def _remember(reading: Reading) -> None:
    """Keep what the department calls its columns, and its answers, for the next table."""
    for header, meaning in dict(reading.mapped).items():
        ColumnMapping.objects.update_or_create(
            department=reading.department,
            header=header,
            defaults={"indicator": meaning.indicator},
        )
    if answers := reading.inquiry.to_remember:
        LayoutAnswer.objects.update_or_create(
            department=reading.department, layout=reading.layout, defaults={"answers": answers}
        )

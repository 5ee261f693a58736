"""The profile room's long work: the import of a table, the labels of the night."""

from dataclasses import asdict
from typing import Any

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy

from crm.common.days import clock
from crm.common.outbox import jobs
from crm.common.people.actor import system_actor
from crm.common.people.identity import actor_for
from crm.common.people.models import User
from crm.common.records.files import passing
from crm.common.records.models import StoredFile
from crm.models import Department
from profiles.services import ImportRefused, ImportReport, assign_labels, import_table
from profiles.services.tables.periods import Span

LABELS = "profiles.assign_labels"
IMPORT = "profiles.import_table"
# The batch keeps a copy of its own; this one has done its work when the job has ended.
UPLOAD = passing("profiles.upload")


@shared_task(name="profiles.refresh_labels")
def refresh_labels() -> int:
    """Judge everybody by the labels in force: the work of the night."""
    run = assign_labels(actor=system_actor("labels"), as_of=clock.today(), at=clock.now())
    return run.judged


@jobs.job(LABELS, title=gettext_lazy("Judging of labels"))
def labels_job(handle: jobs.JobHandle, *, user: int) -> dict[str, Any]:
    """Judge everybody by the labels in force, for somebody who waits for it."""
    actor = actor_for(User.objects.get(pk=user))
    run = assign_labels(actor=actor, as_of=clock.today(), at=clock.now(), watch=handle)
    handle.finish_at(reverse("staff:profiles:label_list"))
    return {"run": run.pk, "judged": run.judged}


@jobs.job(IMPORT, title=gettext_lazy("Import of a table"))
def import_job(
    handle: jobs.JobHandle,
    *,
    file: str,
    department: int,
    user: int,
    period: list[int] | None,
    dry_run: bool,
    answers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Check a table as its sender would and, unless only a check was asked for, store it.

    A file with cells that cannot be read, or with questions open, is a result as well: its
    report names them.
    """
    stored = StoredFile.objects.get(pk=file)
    refused = False
    try:
        with stored.file.open("rb") as stream:
            report = import_table(
                actor=actor_for(User.objects.get(pk=user)),
                department=Department.objects.get(pk=department),
                name=stored.name,
                content=stream.read(),
                at=clock.now(),
                period=Span(period[0], period[1]) if period else None,
                dry_run=dry_run,
                answers=answers,
                watch=handle,
            )
    except ImportRefused as problem:
        report, refused = problem.report, True
    _lead_to_result(handle, report)
    return {"refused": refused, "report": asdict(report)}


def _lead_to_result(handle: jobs.JobHandle, report: ImportReport) -> None:
    if report.batch_id is not None:
        handle.finish_at(reverse("staff:profiles:import_detail", args=[report.batch_id]))
        return
    handle.finish_at(f"{reverse('staff:profiles:import_list')}?job={handle.job.pk}")

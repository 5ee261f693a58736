"""Import a table, see what came of it, take it back."""

import uuid
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.face.lists import list_around_form, list_response
from crm.common.face.moves import MoveForm, answer, offers
from crm.common.http import Request
from crm.common.outbox.jobs import start_job
from crm.common.outbox.models import Job
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.files import TABLES, store_file
from crm.common.records.models import StoredFile
from crm.models import Department, Enterprise
from profiles.forms import AnswersForm, ImportForm
from profiles.models import ImportBatch
from profiles.permissions import can_import
from profiles.selectors import batches, history_of
from profiles.states import BATCH_MACHINE
from profiles.tables import IMPORTS
from profiles.tasks import IMPORT, UPLOAD

SHOWN_PROBLEMS = 20


@open_to_staff
def import_list(request: Request) -> HttpResponse:
    """Show the form, the imports so far and, after one that stored nothing, its report."""
    form, job = ImportForm(request.actor), _reported(request)
    return list_response(request, IMPORTS, extra=_around(request, form, job))


def _own_jobs(request: Request) -> QuerySet[Job]:
    """Return the imports the actor started that have said something."""
    mine = Job.objects.visible_to(request.actor).filter(key=IMPORT, result__isnull=False)
    return mine.filter(started_by=request.actor.user_id)


def _reported(request: Request) -> Job | None:
    """Return the actor's own job that the address names, if it has a report."""
    try:
        job_id = uuid.UUID(request.GET.get("job", ""))
    except ValueError:
        return None
    return _own_jobs(request).filter(pk=job_id).first()


def _around(
    request: Request, form: ImportForm, job: Job | None, answers: AnswersForm | None = None
) -> dict[str, Any]:
    report = job.result["report"] if job and job.result else None
    if answers is None and report and report["questions"] and not report["problems"]:
        answers = AnswersForm(report["questions"])
    return {
        "form": form,
        "job": job,
        "report": report,
        "answers": answers,
        "problems": report["problems"][:SHOWN_PROBLEMS] if report else [],
        "warnings": report["warnings"][:SHOWN_PROBLEMS] if report else [],
        "may_import": request.actor.has(Role.HANDLER),
    }


@require_POST
@open_to(Role.HANDLER)
def import_create(request: Request) -> HttpResponse:
    """Take a table in and start the job that checks and stores it."""
    form = ImportForm(request.actor, request.POST, request.FILES)
    if not form.is_valid():
        return list_around_form(request, IMPORTS, extra=_around(request, form, None))
    try:
        job = _start(request, form.cleaned_data)
    except UserFacingError as problem:
        form.add_error("file", str(problem))
        return list_around_form(request, IMPORTS, extra=_around(request, form, None))
    return redirect("job_progress", job.pk)


@transaction.atomic
def _start(request: Request, data: dict[str, Any]) -> Job:
    actor, month = request.actor, data["month"]
    if not can_import(actor, data["department"]):
        raise NotAllowedError(_("Handlers of the department may import."))
    stored = store_file(
        actor=actor,
        upload=data["file"],
        purpose=UPLOAD,
        at=clock.now(),
        allowed=TABLES,
        max_bytes=settings.IMPORT_MAX_BYTES,
    )
    return start_job(
        IMPORT,
        actor=actor,
        at=clock.machine_now(),
        params={
            "file": str(stored.pk),
            "department": data["department"].pk,
            "user": actor.user_id,
            "period": [month.year, month.month] if month else None,
            "dry_run": data["dry_run"],
        },
    )


@require_POST
@open_to(Role.HANDLER)
def import_answer(request: Request, job_id: uuid.UUID) -> HttpResponse:
    """Take the answers to what an import asked, and read the same file again with them."""
    job = get_object_or_404(_own_jobs(request), pk=job_id)
    asked = (job.result or {})["report"]["questions"]
    form = AnswersForm(asked, request.POST)
    if not form.is_valid():
        extra = _around(request, ImportForm(request.actor), job, form)
        return list_around_form(request, IMPORTS, extra=extra)
    params = {**job.params, "answers": {**(job.params.get("answers") or {}), **form.answers}}
    department = get_object_or_404(Department.objects.all(), pk=params["department"])
    if not can_import(request.actor, department):
        raise NotAllowedError(_("Handlers of the department may import."))
    if not StoredFile.objects.filter(pk=params["file"]).exists():
        raise UserFacingError(_("The file is no longer kept: send it again."))
    with transaction.atomic():
        again = start_job(IMPORT, actor=request.actor, at=clock.machine_now(), params=params)
    return redirect("job_progress", again.pk)


@open_to_staff
def import_detail(request: Request, pk: int) -> HttpResponse:
    """Show one import: counts, warnings, rows to review."""
    batch: ImportBatch = get_visible_or_404(batches(request.actor), request.actor, pk=pk)
    return render(request, "profiles/import_detail.html", _context(request, batch))


def _context(
    request: Request, batch: ImportBatch, bound: MoveForm | None = None, problem: str = ""
) -> dict[str, Any]:
    return {
        "batch": batch,
        "unknown": list(batch.unknown.select_related("suggestion")[:100]),
        "offers": offers(BATCH_MACHINE, request.actor, batch, bound=bound),
        "problem": problem,
    }


@require_POST
@open_to_staff
def batch_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Take one import back; what cannot be done says why, on its page."""
    batch: ImportBatch = get_visible_or_404(batches(request.actor), request.actor, pk=pk)

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        context = _context(request, batch, form, problem)
        return render(request, "profiles/import_detail.html", context, status=status)

    def done() -> HttpResponse:
        return redirect("staff:profiles:import_detail", pk)

    return answer(request, BATCH_MACHINE, batch, move, subject="batch", again=again, done=done)


@open_to_staff
def value_history(request: Request, enterprise_id: int, indicator_id: int) -> HttpResponse:
    """Show every value of an indicator with its department, batch, row and column."""
    actor = request.actor
    enterprise = get_visible_or_404(Enterprise.objects.all(), actor, pk=enterprise_id)
    rows = list(history_of(actor, enterprise, indicator_id)[:200])
    context = {
        "enterprise": enterprise,
        "rows": rows,
        "opens": set(
            batches(actor)
            .filter(pk__in={row.batch_id for row in rows})
            .values_list("pk", flat=True)
        ),
        "indicator": rows[0].meaning if rows else None,
    }
    return render(request, "profiles/value_history.html", context)

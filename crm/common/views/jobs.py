"""The progress of a long job, polled by htmx until it ends; and what was given up."""

import shutil
import uuid
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.http import Request
from crm.common.outbox import letters
from crm.common.outbox.backlog import backlog, last_job, latest_jobs
from crm.common.outbox.jobs import VERIFY, cancel_job, start_job, title_of
from crm.common.outbox.models import Job
from crm.common.people.doors import open_to, open_to_signed_in
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from crm.common.records import backups
from crm.common.records.models import AuditEvent, AuditSeal

# The State Council names the days off of the next year in November: by now it should be known.
NOTICE_MONTH = 12


@open_to_signed_in
def job_progress(request: Request, job_id: uuid.UUID) -> HttpResponse:
    """Render the state of one of the actor's jobs; the last fragment no longer polls."""
    job = get_visible_or_404(Job.objects.all(), request.actor, pk=job_id)
    template = "common/job_progress.html#panel" if request.htmx else "common/job_progress.html"
    return render(request, template, {"job": job, "title": title_of(job)})


@require_POST
@open_to_signed_in
def job_cancel(request: Request, job_id: uuid.UUID) -> HttpResponse:
    """Stop one of the actor's jobs."""
    job = get_visible_or_404(Job.objects.all(), request.actor, pk=job_id)
    cancel_job(actor=request.actor, job=job, at=clock.machine_now())
    return redirect("job_progress", job_id)


@open_to(Role.ADMIN)
def condition(request: Request) -> HttpResponse:
    """Show how the system stands: work given up, what waits, the last jobs, the audit."""
    piles, now = letters.piles(request.actor), clock.machine_now()
    seal = AuditSeal.objects.order_by("-last_seq").first()
    check, kept = last_job(VERIFY), backups.newest()
    var = Path(settings.VAR_DIR)
    disk = shutil.disk_usage(var if var.is_dir() else settings.BASE_DIR)
    context = {
        "piles": piles,
        "total": sum(pile.total for pile in piles),
        "undelivered": next(pile.total for pile in piles if pile.kind == "deliveries"),
        "broken": next(pile.total for pile in piles if pile.kind == "jobs"),
        "backlog": backlog(now),
        "jobs": [{"row": row, "title": title_of(row)} for row in latest_jobs(request.actor)],
        "seal": seal,
        "unsealed": AuditEvent.objects.filter(seq=None).count(),
        "check": check,
        "backup": kept,
        "backup_is_late": kept is not None and kept.is_late(now),
        "backups_known": backups.is_known(),
        "provisional": _provisional_years(),
        "disk_percent": round(100 * disk.used / disk.total),
        "disk_is_full": disk.free < disk.total // 10,
    }
    return render(request, "common/condition.html", context)


def _provisional_years() -> list[int]:
    """Return this year, and in December the next, if its notice is missing."""
    today, calendar = clock.today(), load_calendar()
    years = [today.year] + [today.year + 1] * (today.month >= NOTICE_MONTH)
    return [year for year in years if calendar.is_provisional(year)]


@require_POST
@open_to(Role.ADMIN, Role.AUDITOR)
def audit_check(request: Request) -> HttpResponse:
    """Begin a check of the whole audit; its page shows how far it is."""
    with transaction.atomic():
        job = start_job(VERIFY, actor=request.actor, params={}, at=clock.machine_now())
    return redirect("job_progress", job.pk)


@require_POST
@open_to(Role.ADMIN)
def work_retry(request: Request, kind: str) -> HttpResponse:
    """Let given-up work begin again: one piece (`id`), or all of its kind."""
    if kind not in letters.LABELS:
        raise Http404(_("There is no such record, or it is not yours to see."))
    count = letters.retry(actor=request.actor, kind=kind, ids=request.POST.getlist("id") or None)
    words = ngettext("%(count)s begins again.", "%(count)s begin again.", count)
    messages.success(request, words % {"count": count})
    return redirect("staff:common:condition")

"""The progress of a long job, polled by htmx until it ends; and what was given up."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.http import Request
from crm.common.outbox import letters
from crm.common.outbox.jobs import cancel_job, title_of
from crm.common.outbox.models import Job
from crm.common.people.doors import open_to, open_to_signed_in
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404


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
def work_list(request: Request) -> HttpResponse:
    """Show the work that was given up, by kind."""
    piles = letters.piles(request.actor)
    context = {"piles": piles, "total": sum(pile.total for pile in piles)}
    return render(request, "common/work_list.html", context)


@require_POST
@open_to(Role.ADMIN)
def work_retry(request: Request, kind: str) -> HttpResponse:
    """Let given-up work begin again: one piece (`id`), or all of its kind."""
    if kind not in letters.LABELS:
        raise Http404(_("There is no such record, or it is not yours to see."))
    count = letters.retry(actor=request.actor, kind=kind, ids=request.POST.getlist("id") or None)
    words = ngettext("%(count)s begins again.", "%(count)s begin again.", count)
    messages.success(request, words % {"count": count})
    return redirect("staff:common:work_list")

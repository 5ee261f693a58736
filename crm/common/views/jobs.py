"""The progress of a long job, polled by htmx until it ends."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render

from crm.common.http import Request
from crm.common.outbox.models import Job
from crm.common.people.doors import open_to_signed_in
from crm.common.people.scoping import get_visible_or_404


@open_to_signed_in
def job_progress(request: Request, job_id: uuid.UUID) -> HttpResponse:
    """Render the state of one of the actor's jobs; the last fragment no longer polls."""
    job = get_visible_or_404(Job.objects.all(), request.actor, pk=job_id)
    template = "common/job_progress.html#panel" if request.htmx else "common/job_progress.html"
    return render(request, template, {"job": job})

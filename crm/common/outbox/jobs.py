"""Jobs: long work with progress. The row is the truth, the queue only the doorbell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.common.days.clock import machine_now
from crm.common.errors import UserFacingError
from crm.common.outbox.doorbell import ring
from crm.common.outbox.enums import JobState
from crm.common.outbox.models import Job
from crm.common.people.actor import Actor

TASK = "common.run_job"
STALE_SECONDS = 120
MAX_ATTEMPTS = 3
_registry: dict[str, "JobFunction"] = {}


@dataclass(slots=True)
class JobHandle:
    """What a running job uses to say how far it is."""

    job: Job

    def progress(self, percent: int, message: str = "") -> None:
        """Store percent, message and heartbeat; the page shows them at its next poll."""
        Job.objects.filter(pk=self.job.pk).update(
            percent=max(0, min(percent, 100)), message=message[:300], heartbeat_at=machine_now()
        )

    def finish_at(self, url: str) -> None:
        """Name the page that shows the result."""
        self.job.result_url = url


JobFunction = Callable[..., dict[str, Any] | None]


def job(key: str) -> Callable[[JobFunction], JobFunction]:
    """Register a job (in a room's tasks.py). It takes a handle and plain parameters, and is
    idempotent: a worker may die and another begin again."""

    def register(function: JobFunction) -> JobFunction:
        _registry[key] = function
        return function

    return register


def start_job(key: str, *, actor: Actor, params: dict[str, Any], at: datetime) -> Job:
    """Write the job's row in the caller's transaction and ring the doorbell after commit."""
    if key not in _registry:
        raise KeyError(f"no job is registered as {key}")
    row = Job.objects.create(key=key, params=params, started_by_id=actor.user_id, created_at=at)
    ring(TASK, str(row.pk))
    return row


def run(job_id: str) -> None:
    """Run one waiting job; a job that is already running or ended is left alone."""
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING, heartbeat_at=machine_now(), attempts=models.F("attempts") + 1
    )
    if not claimed:
        return
    row = Job.objects.get(pk=job_id)
    try:
        result = _registry[row.key](JobHandle(row), **row.params)
    except UserFacingError as refusal:
        _end(row, JobState.FAILED, str(refusal), None)
    except Exception:
        _end(row, JobState.FAILED, _("It broke. Number for support: %s") % row.pk, None)
        raise
    else:
        _end(row, JobState.DONE, "", result)


def _end(row: Job, state: JobState, message: str, result: dict[str, Any] | None) -> None:
    fields: dict[str, Any] = {
        "state": state,
        "result": result,
        "finished_at": machine_now(),
        "result_url": row.result_url,
    }
    if state is JobState.DONE:
        fields["percent"] = 100
    if message:
        fields["message"] = message[:300]
    Job.objects.filter(pk=row.pk).update(**fields)


def requeue_stale() -> int:
    """Queue again what a dead worker left, and ring for what was never heard; return how many."""
    limit = machine_now() - timedelta(seconds=STALE_SECONDS)
    Job.objects.filter(
        state=JobState.RUNNING, heartbeat_at__lt=limit, attempts__gte=MAX_ATTEMPTS
    ).update(state=JobState.FAILED, finished_at=machine_now(), message=_("Given up after 3 tries."))
    Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=limit).update(state=JobState.QUEUED)
    waiting = list(Job.objects.filter(state=JobState.QUEUED, created_at__lt=machine_now()))
    for row in waiting:
        ring(TASK, str(row.pk))
    return len(waiting)

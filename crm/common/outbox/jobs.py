"""Jobs: long work with progress. The row is the truth, the queue only the doorbell."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days.clock import machine_now, now
from crm.common.db.aside import connection_aside
from crm.common.errors import UserFacingError
from crm.common.outbox import claims, messages
from crm.common.outbox.doorbell import ring
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Job
from crm.common.people.actor import Actor

TASK = "common.run_job"
TERMS = claims.Terms(lease=timedelta(minutes=2), max_attempts=3)
# Whoever waited this long has turned to something else, and is told.
TELL_AFTER = timedelta(seconds=10)
JOB_ENDED = messages.register(
    messages.MessageKind(
        key="common.job_ended",
        label=gettext_lazy("A long job of mine has ended"),
        subject=gettext_lazy("%(state)s: %(title)s"),
        body=gettext_lazy("%(words)s"),
        channels=(),
        personal=True,
    )
)

# The job that checks the whole audit (crm.common.tasks).
VERIFY = "common.verify_audit"


class JobCancelled(Exception):
    """Somebody asked that the job stop."""


class Watch(Protocol):
    """Where long work says how far it is, and learns that it is to stop."""

    def progress(self, percent: int, message: str = "") -> None:
        """Say how far it is; raises what stops the work."""

    def writing(self) -> AbstractContextManager[None]:
        """Keep what is written inside, all or nothing."""


class Unwatched:
    """Nobody waits: a command's work, a test's."""

    def progress(self, percent: int, message: str = "") -> None:
        """Tell nobody."""

    def writing(self) -> AbstractContextManager[None]:
        """Keep what is written inside, all or nothing."""
        return transaction.atomic()


@dataclass(slots=True)
class JobHandle:
    """What a running job uses to say how far it is, and to be told to stop.

    `voice` is the connection its signs of life go by, so that they are seen, and the lease is
    renewed, while the job's own transaction is still open.
    """

    job: Job
    voice: str = DEFAULT_DB_ALIAS

    def progress(self, percent: int, message: str = "") -> None:
        """Store percent and message and stay alive; the page shows them at its next poll.

        Raises JobCancelled when somebody asked the job to stop, ClaimLost when it was given to
        another worker. Call it at least every two minutes.
        """
        shown = max(0, min(percent, 100))
        claims.beat(self.job, TERMS, using=self.voice, percent=shown, message=message[:300])
        self._stop_if_asked()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep what is written inside only while the job is still this worker's, and wanted."""
        with transaction.atomic():
            yield
            claims.beat(self.job, TERMS)
            self._stop_if_asked()

    def finish_at(self, url: str) -> None:
        """Name the page that shows the result."""
        self.job.result_url = url

    def _stop_if_asked(self) -> None:
        if Job.objects.filter(pk=self.job.pk, cancel_asked_at__isnull=False).exists():
            raise JobCancelled


JobFunction = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str | Promise
    run: JobFunction


_registry: dict[str, _Kind] = {}


def job(key: str, title: str | Promise = "") -> Callable[[JobFunction], JobFunction]:
    """Register a job (in a room's tasks.py). It takes a handle and plain parameters, and is
    idempotent: a worker may die and another begin again."""

    def register(function: JobFunction) -> JobFunction:
        _registry[key] = _Kind(title or key, function)
        return function

    return register


def title_of(row: Job) -> str:
    """Return what a job is called, on its page and in the message that it has ended."""
    kind = _registry.get(row.key)
    return str(kind.title) if kind else row.key


def start_job(
    key: str, *, actor: Actor, params: dict[str, Any], at: datetime, always_tell: bool = False
) -> Job:
    """Write the job's row in the caller's transaction and ring the doorbell after commit."""
    if key not in _registry:
        raise KeyError(f"no job is registered as {key}")
    row = Job.objects.create(
        key=key,
        params=params,
        started_by_id=actor.user_id,
        created_at=at,
        due_at=machine_now(),
        always_tell=always_tell,
    )
    ring(TASK, str(row.pk))
    return row


@transaction.atomic
def cancel_job(*, actor: Actor, job: Job, at: datetime) -> None:
    """Stop a job: at once when it waits, at its next sign of life when it runs."""
    rows = Job.objects.visible_to(actor).filter(pk=job.pk)
    if not claims.cancel_waiting(rows):
        rows.filter(state=WorkState.RUNNING, cancel_asked_at=None).update(cancel_asked_at=at)


def run(job_id: str) -> None:
    """Run one waiting job; a job that is already running or ended is left alone."""
    for row in claims.claim(Job.objects.all(), TERMS, [job_id]):
        _run(row)


def _run(row: Job) -> None:
    try:
        with connection_aside() as voice:
            handle = JobHandle(row, voice)
            handle._stop_if_asked()
            result = _registry[row.key].run(handle, **row.params)
    except claims.ClaimLost:
        return
    except JobCancelled:
        _end(row, WorkState.CANCELLED, _("Stopped; nothing was changed."))
    except UserFacingError as refusal:
        _end(row, WorkState.REFUSED, str(refusal))
    except Exception as problem:
        words = _("It broke. Number for support: %s") % row.pk
        _end(row, WorkState.DEAD, words, error=repr(problem)[: claims.LONGEST_ERROR])
        raise
    else:
        _end(row, WorkState.DONE, "", percent=100, result=result)


def _end(row: Job, state: WorkState, message: str, **fields: Any) -> None:
    if message:
        fields["message"] = message[:300]
    with transaction.atomic():
        if claims.finish(row, state, result_url=row.result_url, **fields):
            _tell(row, message)


def _tell(row: Job, words: str) -> None:
    """Tell whoever started a job that it has ended, unless it was so quick that they saw it."""
    took = machine_now() - (row.claimed_at or machine_now())
    if row.started_by is None or not (row.always_tell or row.is_dead or took > TELL_AFTER):
        return
    messages.queue(
        JOB_ENDED.key,
        recipients=[row.started_by],
        context={
            "state": WorkState(row.state).label,
            "title": title_of(row),
            "words": words or _("The result is ready."),
        },
        at=now(),
        dedupe_key=f"{row.pk}:{row.attempts}",
        url=row.result_url or reverse("job_progress", args=[row.pk]),
    )


def requeue_stale() -> int:
    """Give up what keeps dying, and ring for what was left or never heard; return how many."""
    for row in claims.bury_stale(Job.objects.all(), TERMS):
        words = _("Given up after %(count)s tries.") % {"count": row.attempts}
        with transaction.atomic():
            Job.objects.filter(pk=row.pk, state=WorkState.DEAD).update(message=words)
            _tell(row, words)
    waiting = list(claims.claimable(Job.objects.all()).values_list("pk", flat=True))
    for pk in waiting:
        ring(TASK, str(pk))
    return len(waiting)

"""How the claimed work stands: what waits and since when, what ran last."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Delivery, EventReceipt, Job
from crm.common.people.actor import Actor
from crm.common.people.enums import Role

# From here on a wait is an alarm: the sweepers run every 30 to 60 seconds.
ALARM_SECONDS = 300
LATEST = 12


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due and not done: how many pieces, and how long the oldest has waited."""

    waiting: int
    oldest_seconds: int

    @property
    def is_stuck(self) -> bool:
        """Whether nobody seems to do the work."""
        return self.oldest_seconds > ALARM_SECONDS


def backlog(now: datetime) -> Backlog:
    """Return what is due of deliveries, jobs and events."""
    waiting, oldest = 0, now
    for model in (Delivery, Job, EventReceipt):
        due = model._default_manager.filter(state=WorkState.WAITING, due_at__lte=now)
        found = due.aggregate(number=Count("pk"), first=Min("due_at"))
        waiting += found["number"]
        oldest = min(oldest, found["first"] or now)
    return Backlog(waiting, int((now - oldest).total_seconds()))


def latest_jobs(actor: Actor) -> list[Job]:
    """Return the jobs that run, and the last that ended, to administrators."""
    if not actor.has(Role.ADMIN):
        return []
    return list(Job.objects.select_related("started_by").order_by("-created_at")[:LATEST])


def last_job(key: str) -> Job | None:
    """Return the last job of a kind."""
    return Job.objects.filter(key=key).order_by("-created_at").first()

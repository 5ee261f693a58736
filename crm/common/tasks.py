"""The ground floor's tasks: ids in, one call."""

from celery import shared_task

from crm.common.outbox import events, jobs, sending
from crm.common.records import audit


@shared_task(name="common.dispatch_events")
def dispatch_events() -> int:
    """Hand published events to their subscribers."""
    return events.dispatch_pending()


@shared_task(name="common.deliver_notifications")
def deliver_messages() -> int:
    """Send messages that are due."""
    return sending.deliver_due()


@shared_task(name="common.run_job")
def run_job(job_id: str) -> None:
    """Run one job."""
    jobs.run(job_id)


@shared_task(name="common.requeue_stale_jobs")
def requeue_stale_jobs() -> int:
    """Find jobs whose worker died or whose doorbell was not heard."""
    return jobs.requeue_stale()


@shared_task(name="common.seal_audit")
def seal_audit() -> int:
    """Chain the newest audit rows."""
    return audit.seal()

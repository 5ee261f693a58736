"""The ground floor's tasks: ids in, one call."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.conf import settings
from django.utils.translation import gettext_lazy

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.outbox import events, jobs, reminding, sending
from crm.common.people.actor import system_actor
from crm.common.records import chain, leftovers


@shared_task(name="common.dispatch_events")
def dispatch_events() -> int:
    """Hand published events to their subscribers."""
    return events.dispatch_pending()


@shared_task(name="common.deliver_notifications")
def deliver_messages() -> int:
    """Send messages that are due."""
    return sending.deliver_due()


@shared_task(name="common.send_reminders")
def send_reminders() -> int:
    """Remind people of what is due; once a day is enough, oftener does no harm."""
    return reminding.send_reminders(at=clock.now(), calendar=load_calendar())


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
    return chain.seal_all()


@shared_task(name="common.clear_leftovers")
def clear_leftovers() -> None:
    """Clear exports past their days and what failed uploads left."""
    leftovers.clear_leftovers(
        actor=system_actor("clear_leftovers"),
        at=clock.now(),
        keep=timedelta(days=settings.ANSHANG_KEEP_EXPORTS_DAYS),
    )


@jobs.job(jobs.VERIFY, title=gettext_lazy("Check of the audit"))
def verify_audit(handle: jobs.JobHandle) -> dict[str, Any]:
    """Check the whole chain; what was found is the job's result."""
    handle.progress(5)
    report = chain.verify()
    return {
        "sound": report.is_sound,
        "rows": report.rows,
        "head": report.head,
        "problem": report.problem,
    }

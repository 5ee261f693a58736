"""Reminders are sent: each step once for each record and due day."""

import logging
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import local_date
from crm.common.days.reminders import Due, ReminderKind, kinds, step_of
from crm.common.outbox import messages
from crm.common.outbox.models import ReminderSent

logger = logging.getLogger(__name__)


def send_reminders(*, at: datetime, calendar: WorkCalendar) -> int:
    """Send what is to be reminded of on the day of `at`; return how many things.

    Running it again the same day sends nothing. A kind that breaks does not stop the others.
    """
    sent = 0
    for kind in kinds():
        try:
            for due in kind.rows(local_date(at)):
                sent += _remind(kind, due, at, calendar)
        except Exception:
            logger.exception("The reminders %s broke.", kind.key)
    return sent


@transaction.atomic
def _remind(kind: ReminderKind, due: Due, at: datetime, calendar: WorkCalendar) -> bool:
    today = local_date(at)
    step = step_of(due.due_on, today, kind.steps, calendar)
    if step is None or not due.recipients:
        return False
    _row, new = ReminderSent.objects.get_or_create(
        kind=kind.key,
        target_type=ContentType.objects.get_for_model(type(due.target)),
        target_id=str(due.target.pk),
        due_on=due.due_on,
        step=step,
        defaults={"sent_at": at},
    )
    if not new:
        return False
    left = calendar.workdays_between(today, due.due_on)
    messages.queue(
        kind.message,
        recipients=due.recipients,
        context={**dict(due.context), "due": due.due_on.isoformat(), "left": left},
        at=at,
        dedupe_key=f"{kind.key}:{due.target.pk}:{due.due_on}:{step}",
        target=due.target,
        url=due.url,
    )
    return True

"""Reminders are sent: each step once for each record and due day."""

import logging
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import local_date
from crm.common.days.reminders import Due, ReminderKind, kinds, left_words_lazy, step_of
from crm.common.outbox import messages
from crm.common.outbox.models import ReminderSent
from crm.common.people.identity import actor_for
from crm.common.people.models import User
from crm.common.people.scoping import ScopedQuerySet

logger = logging.getLogger(__name__)


def send_reminders(*, at: datetime, calendar: WorkCalendar) -> int:
    """Send what is to be reminded of on the day of `at`; return how many things.

    Running it again the same day sends nothing. A kind that breaks does not stop the others.
    A day off sends nothing: every step is reached on a working day.
    """
    sent = 0
    if not calendar.is_workday(local_date(at)):
        return sent
    for kind in kinds():
        try:
            waiting = _not_yet_sent(kind, local_date(at), calendar)
            for due, step in waiting:
                sent += _remind(kind, due, step, at, calendar)
        except Exception:
            logger.exception("The reminders %s broke.", kind.key)
    return sent


def _not_yet_sent(kind: ReminderKind, today: date, calendar: WorkCalendar) -> list[tuple[Due, int]]:
    """Return what is due with the step it has reached, without what was told, in one query."""
    found = [(due, step_of(due.due_on, today, kind.steps, calendar)) for due in kind.rows(today)]
    reached = [(due, step) for due, step in found if step is not None]
    if not reached:
        return []
    since = min(due.due_on for due, _step in reached)
    rows = ReminderSent.objects.filter(kind=kind.key, due_on__gte=since)
    told = set(rows.values_list("target_type", "target_id", "due_on", "step"))
    return [(due, step) for due, step in reached if (*_key(due), step) not in told]


def _key(due: Due) -> tuple[int, str, date]:
    return ContentType.objects.get_for_model(type(due.target)).pk, str(due.target.pk), due.due_on


def _people(due: Due) -> list[User]:
    """Return who is told: once each, and nobody of what they may not see."""
    people = list({person.pk: person for person in due.recipients()}.values())
    rows = type(due.target)._default_manager
    if not isinstance(rows.all(), ScopedQuerySet):
        return people
    return [
        person
        for person in people
        if rows.visible_to(actor_for(person)).filter(pk=due.target.pk).exists()
    ]


@transaction.atomic
def _remind(kind: ReminderKind, due: Due, step: int, at: datetime, calendar: WorkCalendar) -> bool:
    today, people = local_date(at), _people(due)
    if not people:
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
        recipients=people,
        context={
            **dict(due.context),
            "due": due.due_on.isoformat(),
            "left": left,
            "when": left_words_lazy(left),
        },
        at=at,
        dedupe_key=f"{kind.key}:{due.target.pk}:{due.due_on}:{step}",
        target=due.target,
        url=due.url,
    )
    return True

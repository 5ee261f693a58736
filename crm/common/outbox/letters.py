"""Dead letters: work of all three kinds that was given up and waits for an administrator."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.errors import NotAllowedError
from crm.common.outbox import claims, events, jobs, messages
from crm.common.outbox.doorbell import ring
from crm.common.outbox.enums import Channel, WorkState
from crm.common.outbox.models import Delivery, EventReceipt, Job
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records import audit

SHOWN = 100


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One piece of given-up work as the screen shows it."""

    kind: str
    id: str
    title: str
    for_whom: str
    why: str
    attempts: int
    ended_at: datetime | None
    statutory: bool = False


@dataclass(frozen=True, slots=True)
class Pile:
    """The given-up work of one kind, the latest first."""

    kind: str
    label: str | Promise
    total: int
    letters: list[DeadLetter]


LABELS = {
    "deliveries": gettext_lazy("Not delivered"),
    "jobs": gettext_lazy("Jobs that broke"),
    "events": gettext_lazy("Not passed on"),
}


def _rows(kind: str) -> QuerySet[Any]:
    found: dict[str, QuerySet[Any]] = {
        "deliveries": Delivery.objects.select_related("recipient__message", "recipient__user"),
        "jobs": Job.objects.select_related("started_by"),
        "events": EventReceipt.objects.select_related("event"),
    }
    return found[kind].filter(state=WorkState.DEAD)


def piles(actor: Actor) -> list[Pile]:
    """Return what was given up, for administrators; to others nothing."""
    if not actor.has(Role.ADMIN):
        return []
    return [_pile(kind, label) for kind, label in LABELS.items()]


def dead_by_kind() -> dict[str, int]:
    """Return how much work of each kind was given up."""
    return {kind: _rows(kind).count() for kind in LABELS}


def count(actor: Actor) -> int:
    """Return how many pieces of work wait for an administrator."""
    return sum(dead_by_kind().values()) if actor.has(Role.ADMIN) else 0


def _pile(kind: str, label: Promise) -> Pile:
    rows = list(_rows(kind).order_by("-ended_at")[:SHOWN])
    total = len(rows) if len(rows) < SHOWN else _rows(kind).count()
    return Pile(kind, label, total, [_SHOW[kind](row) for row in rows])


def _delivery(row: Delivery) -> DeadLetter:
    message = row.recipient.message
    way = Channel(row.channel).label
    why = f"{way}: {row.last_error}"
    title, who = message.subject, str(row.recipient)
    return _letter("deliveries", row, title, who, why, statutory=message.statutory)


def _job(row: Job) -> DeadLetter:
    who = str(row.started_by) if row.started_by else ""
    return _letter("jobs", row, jobs.title_of(row), who, row.last_error or row.message)


def _event(row: EventReceipt) -> DeadLetter:
    return _letter("events", row, row.event.name, row.subscriber, row.last_error)


_SHOW: dict[str, Any] = {"deliveries": _delivery, "jobs": _job, "events": _event}


def _letter(
    kind: str, row: Any, title: str, for_whom: str, why: str, *, statutory: bool = False
) -> DeadLetter:
    return DeadLetter(
        kind, str(row.pk), title, for_whom, why[:200], row.attempts, row.ended_at, statutory
    )


@transaction.atomic
def retry(*, actor: Actor, kind: str, ids: list[str] | None = None) -> int:
    """Let given-up work of one kind begin again (all of it without ids); return how many.

    Raises NotAllowedError for everybody but administrators.
    """
    if not actor.has(Role.ADMIN):
        raise NotAllowedError(_("Administrators look after what was given up."))
    rows = _rows(kind).select_related(None)
    if ids is not None:
        rows = rows.filter(pk__in=_known(rows, ids))
    found = list(rows.select_for_update())
    claims.retry_dead(rows.filter(pk__in=[row.pk for row in found]))
    for row in found:
        audit.record("work.retry", actor=actor, target=row)
    _ring(kind, found)
    return len(found)


def _known(rows: Any, ids: list[str]) -> list[Any]:
    """Return the ids that could be a row's; nonsense names none."""
    field, known = rows.model._meta.pk, []
    for text in ids:
        with suppress(ValidationError):
            known.append(field.clean(text, None))
    return known


def _ring(kind: str, rows: list[Any]) -> None:
    if kind == "jobs":
        for row in rows:
            ring(jobs.TASK, str(row.pk))
    elif rows:
        ring({"events": events.TASK, "deliveries": messages.TASK}[kind])

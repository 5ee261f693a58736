"""Events: a room says what happened; rooms above react after commit, exactly once each.

The row is the truth; the queue is only a doorbell. A sweeper finds rows nobody heard of.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from crm.common.days.clock import machine_now
from crm.common.outbox.doorbell import ring
from crm.common.outbox.models import DomainEvent, EventReceipt

Subscriber = Callable[[dict[str, Any]], None]
TASK = "common.dispatch_events"
MAX_ATTEMPTS = 8
CLAIM_SECONDS = 300
_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscribe(name: str) -> Callable[[Subscriber], Subscriber]:
    """Register a function of a room's subscribers.py for an event; it must be idempotent."""

    def register(function: Subscriber) -> Subscriber:
        key = f"{function.__module__}.{function.__qualname__}"
        _subscribers.setdefault(name, {})[key] = function
        return function

    return register


def publish(name: str, payload: dict[str, Any]) -> DomainEvent:
    """Write an event in the caller's transaction and ring the doorbell after commit."""
    event = DomainEvent.objects.create(name=name, payload=payload, created_at=machine_now())
    ring(TASK)
    return event


def dispatch_pending(limit: int = 200) -> int:
    """Hand pending events to their subscribers; return how many were completed."""
    done = 0
    for pk in list(_claimable().order_by("pk").values_list("pk", flat=True)[:limit]):
        claimed = (
            _claimable()
            .filter(pk=pk)
            .update(claimed_at=machine_now(), attempts=models.F("attempts") + 1)
        )
        if claimed:
            done += _dispatch(DomainEvent.objects.get(pk=pk))
    return done


def _claimable() -> models.QuerySet[DomainEvent]:
    stale = machine_now() - timedelta(seconds=CLAIM_SECONDS)
    return DomainEvent.objects.filter(
        models.Q(claimed_at=None) | models.Q(claimed_at__lt=stale),
        dispatched_at=None,
        attempts__lt=MAX_ATTEMPTS,
    )


def _dispatch(event: DomainEvent) -> bool:
    handled = set(event.receipts.values_list("subscriber", flat=True))
    for key, function in _subscribers.get(event.name, {}).items():
        if key in handled:
            continue
        try:
            with transaction.atomic():
                EventReceipt.objects.create(event=event, subscriber=key, handled_at=machine_now())
                function(event.payload)
        except Exception as problem:
            event.last_error = f"{key}: {problem!r}"[:2000]
            event.save(update_fields=["last_error"])
            return False
    event.dispatched_at = machine_now()
    event.save(update_fields=["dispatched_at"])
    return True

"""Events: a room says what happened; rooms above react after commit, exactly once each.

The row is the truth; the queue is only a doorbell. A sweeper finds rows nobody heard of.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction

from crm.common.days.clock import machine_now
from crm.common.outbox import claims
from crm.common.outbox.doorbell import ring
from crm.common.outbox.models import DomainEvent, EventReceipt

Subscriber = Callable[[dict[str, Any]], None]
TASK = "common.dispatch_events"
TERMS = claims.Terms(lease=timedelta(minutes=5), max_attempts=8)
_subscribers: dict[str, dict[str, Subscriber]] = {}


def subscribe(name: str) -> Callable[[Subscriber], Subscriber]:
    """Register a function of a room's subscribers.py for an event."""

    def register(function: Subscriber) -> Subscriber:
        key = f"{function.__module__}.{function.__qualname__}"
        _subscribers.setdefault(name, {})[key] = function
        return function

    return register


def publish(name: str, payload: dict[str, Any]) -> DomainEvent:
    """Write an event and what each subscriber owes it, and ring the doorbell after commit."""
    now = machine_now()
    event = DomainEvent.objects.create(name=name, payload=payload, created_at=now)
    EventReceipt.objects.bulk_create(
        EventReceipt(event=event, subscriber=key, due_at=now) for key in _subscribers.get(name, {})
    )
    ring(TASK)
    return event


def dispatch_pending(limit: int = 200) -> int:
    """Hand pending events to their subscribers; return how many receipts were completed."""
    rows = EventReceipt.objects.select_related("event")
    return claims.work(rows, TERMS, _hand_over, limit)


def _hand_over(row: EventReceipt) -> bool:
    """Call one subscriber; what it wrote and the receipt are kept together or not at all."""
    try:
        function = _subscribers[row.event.name][row.subscriber]
        with transaction.atomic():
            function(row.event.payload)
            if not claims.finish(row):
                raise claims.ClaimLost(str(row.pk))
    except claims.ClaimLost:
        return False
    except Exception as problem:
        claims.fail(row, problem, TERMS)
        return False
    return True

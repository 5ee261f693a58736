"""Events, messages and jobs."""

from crm.common.outbox.models.jobs import Job
from crm.common.outbox.models.messages import (
    Delivery,
    DomainEvent,
    EventReceipt,
    Notification,
    NotificationPreference,
)

__all__ = [
    "Delivery",
    "DomainEvent",
    "EventReceipt",
    "Job",
    "Notification",
    "NotificationPreference",
]

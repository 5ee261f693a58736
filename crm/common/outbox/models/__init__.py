"""Events, messages and jobs."""

from crm.common.outbox.models.claims import ClaimedWork
from crm.common.outbox.models.events import DomainEvent, EventReceipt
from crm.common.outbox.models.jobs import Job
from crm.common.outbox.models.messages import (
    ContactPoint,
    Delivery,
    Message,
    MessagePreference,
    Recipient,
)
from crm.common.outbox.models.reminders import ReminderSent

__all__ = [
    "ClaimedWork",
    "ContactPoint",
    "Delivery",
    "DomainEvent",
    "EventReceipt",
    "Job",
    "Message",
    "MessagePreference",
    "Recipient",
    "ReminderSent",
]

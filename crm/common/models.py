"""Django's handle on the ground floor's records; import them from the noun they belong to."""

from crm.common.days.models import WorkdayException
from crm.common.db.models import CachedValue
from crm.common.face.models import SavedView
from crm.common.outbox.models import (
    ContactPoint,
    Delivery,
    DomainEvent,
    EventReceipt,
    Job,
    Message,
    MessagePreference,
    Recipient,
    ReminderSent,
)
from crm.common.people.models import Absence, RoleGrant, User
from crm.common.records.models import (
    AuditEvent,
    AuditSeal,
    AuditSheet,
    Comment,
    NumberSeries,
    SignedLink,
    StoredFile,
    Transition,
)

__all__ = [
    "Absence",
    "AuditEvent",
    "AuditSeal",
    "AuditSheet",
    "CachedValue",
    "Comment",
    "ContactPoint",
    "Delivery",
    "DomainEvent",
    "EventReceipt",
    "Job",
    "Message",
    "MessagePreference",
    "NumberSeries",
    "Recipient",
    "ReminderSent",
    "RoleGrant",
    "SavedView",
    "SignedLink",
    "StoredFile",
    "Transition",
    "User",
    "WorkdayException",
]

"""Records of the ground floor: no product noun among them."""

from crm.common.models.audit import AuditEvent, AuditSeal
from crm.common.models.base import Attributable, Searchable, TimeStamped, Versioned
from crm.common.models.calendar import WorkdayException
from crm.common.models.files import StoredFile
from crm.common.models.jobs import Job
from crm.common.models.outbox import (
    Delivery,
    DomainEvent,
    EventReceipt,
    Notification,
    NotificationPreference,
)
from crm.common.models.transitions import Transition
from crm.common.models.users import RoleGrant, User
from crm.common.models.views import SavedView

__all__ = [
    "Attributable",
    "AuditEvent",
    "AuditSeal",
    "Delivery",
    "DomainEvent",
    "EventReceipt",
    "Job",
    "Notification",
    "NotificationPreference",
    "RoleGrant",
    "SavedView",
    "Searchable",
    "StoredFile",
    "TimeStamped",
    "Transition",
    "User",
    "Versioned",
    "WorkdayException",
]

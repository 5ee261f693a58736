"""Audit, files, moves, and the columns that records of the rooms are built from."""

from crm.common.records.models.audit import AuditEvent, AuditSeal, AuditSheet
from crm.common.records.models.base import (
    Attributable,
    DatedVersion,
    DatedVersionQuerySet,
    Searchable,
    TimeStamped,
    Versioned,
)
from crm.common.records.models.comments import Comment
from crm.common.records.models.files import StoredFile
from crm.common.records.models.links import SignedLink
from crm.common.records.models.numbering import NumberSeries
from crm.common.records.models.transitions import Transition

__all__ = [
    "Attributable",
    "AuditEvent",
    "AuditSeal",
    "AuditSheet",
    "Comment",
    "DatedVersion",
    "DatedVersionQuerySet",
    "NumberSeries",
    "Searchable",
    "SignedLink",
    "StoredFile",
    "TimeStamped",
    "Transition",
    "Versioned",
]

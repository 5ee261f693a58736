"""What the register shows on pages of others: to an auditor, that the audit is sound."""

from datetime import date
from typing import Any

from django.db.models import Sum

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.chain import current_head
from crm.common.records.models import AuditEvent, AuditSeal
from crm.common.slots.panels import Panel, register


def audit_state(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return how much of the audit is sealed and where its end is, to the auditor."""
    if not actor.has(Role.AUDITOR):
        return None
    head = current_head()
    return {
        "audit_head": head.short if head else "",
        "audit_sealed": AuditSeal.objects.aggregate(n=Sum("rows"))["n"] or 0,
        "audit_unsealed": AuditEvent.objects.filter(seq=None).count(),
    }


register("cms.today", Panel("crm.audit", 5, "crm/panel_audit.html", audit_state, "side"))

"""Roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may be in the system; one person may hold several roles."""

    AGENT = "agent", _("Agent")
    HANDLER = "handler", _("Department handler")
    LEAD = "lead", _("Team lead")
    LEADER = "leader", _("Leader")
    POLICY_EDITOR = "policy_editor", _("Policy editor")
    FINANCE = "finance", _("Finance")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")
    ENTERPRISE = "enterprise", _("Enterprise")


STAFF_ROLES = frozenset(role for role in Role if role is not Role.ENTERPRISE)
SEES_ALL_ROLES = frozenset({Role.LEADER, Role.AUDITOR, Role.ADMIN})

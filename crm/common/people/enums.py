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
# Leaders answer for the whole city, auditors examine it. The administrator of the system keeps
# accounts and catalogues and has no business of the city, unless given another role as well.
SEES_ALL_ROLES = frozenset({Role.LEADER, Role.AUDITOR})

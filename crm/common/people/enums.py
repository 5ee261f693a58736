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
# Who works on the city's business; the administrator keeps the system instead.
BUSINESS_ROLES = STAFF_ROLES - {Role.ADMIN}
# Who reads records of projects and issues (docs/access.md).
CASE_ROLES = frozenset({Role.AGENT, Role.LEAD, Role.HANDLER, Role.LEADER, Role.AUDITOR})
# Leaders answer for the whole city, auditors examine it. The administrator of the system keeps
# accounts and catalogues and has no business of the city, unless given another role as well.
SEES_ALL_ROLES = frozenset({Role.LEADER, Role.AUDITOR})

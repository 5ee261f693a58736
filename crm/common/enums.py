"""Choices of the ground floor."""

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


class DeliveryState(models.TextChoices):
    """Where one message stands on one channel."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed, will be tried again")
    DEAD = "dead", _("Given up")


class Channel(models.TextChoices):
    """How a message reaches a person."""

    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")
    APPRISE = "apprise", _("Messenger")


class JobState(models.TextChoices):
    """Where a long piece of work stands."""

    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class DayKind(models.TextChoices):
    """What a local exception makes of a calendar day."""

    OFF = "off", _("Day off")
    WORK = "work", _("Working day")

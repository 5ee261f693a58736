"""States of messages and jobs, and the ways a message goes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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

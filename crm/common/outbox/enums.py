"""States of claimed work, and the ways a message goes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkState(models.TextChoices):
    """Where a piece of work stands that must not be lost."""

    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")
    DEAD = "dead", _("Given up")


class Channel(models.TextChoices):
    """How a message reaches a person."""

    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")
    APPRISE = "apprise", _("Messenger")

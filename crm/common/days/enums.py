"""Kinds of days."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """What a local exception makes of a calendar day."""

    OFF = "off", _("Day off")
    WORK = "work", _("Working day")

"""Local exceptions to the national list of days off."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.days.enums import DayKind


class WorkdayException(models.Model):
    """A day on which the city works or rests against the national list, with the notice."""

    day = models.DateField(_("day"), unique=True)
    kind = models.CharField(_("kind"), max_length=4, choices=DayKind.choices)
    reason = models.CharField(_("notice"), max_length=200)

    class Meta:
        verbose_name = _("calendar exception")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

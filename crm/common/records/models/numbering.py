"""How far each series of numbers has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The last number given out under a prefix in a year; locked while one is taken."""

    prefix = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="common_numberseries_once")
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.year}: {self.last}"

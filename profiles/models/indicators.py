"""要素项: the catalogue of what is gathered of every enterprise."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByStaff
from profiles.enums import PeriodKind, ValueType


class Indicator(models.Model):
    """One data element; numbers are kept in `unit`, however a department writes them."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(max_length=120)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    value_type = models.CharField(_("kind"), max_length=10, choices=ValueType.choices)
    period = models.CharField(_("period"), max_length=10, choices=PeriodKind.choices)
    department = models.ForeignKey(
        "crm.Department", on_delete=models.PROTECT, related_name="indicators"
    )
    aggregation = models.CharField(max_length=12)
    plausible_min = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    plausible_max = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    fresh_days = models.PositiveSmallIntegerField(_("fresh for (days)"))
    note = models.TextField(blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)

    objects = ReadByStaff.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en


class ColumnMapping(models.Model):
    """What a department calls an indicator in its own tables; remembered from the last import."""

    department = models.ForeignKey("crm.Department", on_delete=models.CASCADE, related_name="+")
    header = models.CharField(max_length=120)
    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="+")

    objects = ReadByStaff.as_manager()

    class Meta:
        verbose_name = _("column mapping")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "header"], name="profiles_columnmapping_once"
            )
        ]

    def __str__(self) -> str:
        return self.header


def in_force_on(day: object) -> Q:
    """Return the condition for catalogue rows in force on a day."""
    return Q(effective_from__lte=day) & (Q(effective_to=None) | Q(effective_to__gte=day))

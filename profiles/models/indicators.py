"""要素项: the catalogue of what is gathered of every enterprise."""

from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByStaff
from crm.common.records.models import DatedVersion, DatedVersionQuerySet
from profiles.enums import PeriodKind, Sensitivity, ValueType


class IndicatorQuerySet(ReadByStaff["Indicator"]):
    """Identities of the catalogue; read by staff."""

    def with_versions(self) -> Self:
        """Fetch all versions along, so that `on(day)` asks nothing more."""
        versions = IndicatorVersion.objects.select_related("department")
        return self.prefetch_related(models.Prefetch("versions", versions))


class Indicator(models.Model):
    """One data element: an identity. What it is called and measured in stands in versions."""

    code = models.SlugField(_("code"), max_length=60, unique=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code

    def on(self, day: date) -> "IndicatorVersion":
        """Return what the indicator meant on a day; before its first version, what that says.

        Raises IndicatorVersion.DoesNotExist for an identity without any version.
        """
        versions = sorted(self.versions.all(), key=lambda row: row.effective_from)
        if not versions:
            raise IndicatorVersion.DoesNotExist(self.code)
        begun = [row for row in versions if row.effective_from <= day]
        return begun[-1] if begun else versions[0]


class IndicatorVersionQuerySet(  # type: ignore[override]
    DatedVersionQuerySet["IndicatorVersion"], ReadByStaff["IndicatorVersion"]
):
    """Versions of the catalogue; read by staff."""


class IndicatorVersion(DatedVersion):
    """What an indicator is from a day to a day.

    Numbers are kept in `unit`, however a department writes them, with up to `decimals` places;
    a category has one of `legal_values` where any are named. `department` owns the values.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(max_length=120)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    value_type = models.CharField(_("kind"), max_length=10, choices=ValueType.choices)
    decimals = models.PositiveSmallIntegerField(_("decimal places"), default=4)
    period = models.CharField(_("period"), max_length=10, choices=PeriodKind.choices)
    department = models.ForeignKey(
        "crm.Department", on_delete=models.PROTECT, related_name="indicators"
    )
    aggregation = models.CharField(max_length=12)
    plausible_min = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    plausible_max = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    fresh_days = models.PositiveSmallIntegerField(_("fresh for (days)"))
    legal_values = models.JSONField(_("possible values"), default=list, blank=True)
    sensitivity = models.CharField(
        _("sensitivity"), max_length=12, choices=Sensitivity.choices, default=Sensitivity.INTERNAL
    )
    definition = models.TextField(_("definition"), blank=True)

    objects = IndicatorVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of an indicator")
        ordering = ["indicator_id", "-effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decimals__lte=4), name="profiles_indicatorversion_decimals"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """The code of the indicator."""
        return self.indicator.code

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en

    def is_plausible(self, number: Decimal | None, text: str) -> bool:
        """Say whether a value lies in its range, or is one of those that are possible."""
        if number is None:
            return not self.legal_values or text in self.legal_values
        low, high = self.plausible_min, self.plausible_max
        return (low is None or number >= low) and (high is None or number <= high)


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


class LayoutAnswer(models.Model):
    """What a department answered about its tables of one layout; it holds for the next one."""

    department = models.ForeignKey("crm.Department", on_delete=models.CASCADE, related_name="+")
    layout = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)

    objects = ReadByStaff.as_manager()

    class Meta:
        verbose_name = _("remembered answers")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "layout"], name="profiles_layoutanswer_once"
            )
        ]

    def __str__(self) -> str:
        return self.layout[:12]

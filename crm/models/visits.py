"""Visits: who went when, what was asked and learnt."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.records.models import Attributable, TimeStamped
from crm.enums import VisitPurpose
from crm.models.enterprises import Enterprise, OfEnterprise


class Visit(TimeStamped, Attributable):
    """走访: one visit to one enterprise."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="visits")
    visited_at = models.DateTimeField(_("visited at"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits"
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=VisitPurpose.choices, default=VisitPurpose.ROUTINE
    )
    met = models.CharField(_("met"), max_length=80, blank=True)
    asked = models.TextField(_("asked"), blank=True)
    learnt = models.TextField(_("learnt"))

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = _("visit")
        ordering = ["-visited_at"]
        indexes = [models.Index(fields=["enterprise", "-visited_at"])]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.visited_at:%Y-%m-%d}"

"""授权: an enterprise lets the city use its confidential data."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import day_start
from crm.common.records.models import Attributable
from crm.models.enterprises import OfEnterprise
from profiles.enums import ConsentWay


class ConsentQuerySet(OfEnterprise["Consent"]):
    """Consents; seen by whoever works with the enterprise, and by itself."""

    def standing(self, moment: datetime | None = None) -> Self:
        """Return the consents that stand, or stood just before a moment."""
        if moment is None:
            return self.filter(withdrawn_at=None)
        kept = models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=moment)
        return self.filter(kept, given_at__lt=moment)

    def on(self, day: date) -> Self:
        """Return the consents that stood at the end of a day."""
        return self.standing(day_start(day + timedelta(days=1)))


class Consent(Attributable):
    """One enterprise's consent to the use of its tax, wage, insurance, loan and unit statistics.

    The Tax Collection Law (art. 8) and the Statistics Law (art. 25) keep these from other uses;
    with the enterprise's word its own agent may see them and a rule may rest on them. It is
    given in the portal or on paper (the signed sheet is a file of the record), and can be
    withdrawn at any time: what was decided before stays.
    """

    enterprise = models.ForeignKey(
        "crm.Enterprise", on_delete=models.PROTECT, related_name="consents"
    )
    way = models.CharField(_("given"), max_length=8, choices=ConsentWay.choices)
    signed_by = models.CharField(_("signed by"), max_length=40)
    given_at = models.DateTimeField(_("given at"), db_index=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawal_reason = models.CharField(_("why withdrawn"), max_length=200, blank=True)

    PERSONAL_FIELDS = ("signed_by",)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        ordering = ["-given_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(withdrawn_at=None),
                name="profiles_consent_one_standing",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawal_reason="")),
                name="profiles_consent_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.given_at:%Y-%m-%d}"

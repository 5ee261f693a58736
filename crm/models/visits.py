"""Visits: who went where and when, what was asked and learnt. There is no other record of it."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet, Through
from crm.common.records.models import Attributable, TimeStamped
from crm.enums import VisitPurpose
from crm.models.enterprises import Enterprise


class VisitQuerySet(ScopedQuerySet["Visit"]):
    """Visits; seen by whoever sees the enterprise, serves the area, or was there."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the visits open to the actor."""
        if actor.sees_all:
            return self.all()
        seen = models.Q(enterprise__in=Enterprise.objects.in_care_of(actor))
        if actor.has(Role.AGENT, Role.LEAD):
            seen |= models.Q(area_id__in=actor.area_ids)
        if actor.is_staff:
            seen |= models.Q(visitor_id=actor.user_id)
        return self.filter(seen)


class Visit(TimeStamped, Attributable):
    """走访: the only record of somebody having been there.

    It is of an enterprise, or of a site without one (a lead whose investor has no company yet);
    then `about` says which record of a higher room it was. Sweeps, inspections and updates of
    a portrait point to it. Photos are files of the visit.
    """

    PERSONAL_FIELDS = ("met",)

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, null=True, blank=True, related_name="visits"
    )
    about_type = models.ForeignKey(
        "contenttypes.ContentType",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    about_id = models.PositiveBigIntegerField(null=True, blank=True)
    area = models.ForeignKey(
        "crm.Area", on_delete=models.PROTECT, related_name="visits", verbose_name=_("area")
    )
    place = models.CharField(_("place"), max_length=120, blank=True)
    visited_at = models.DateTimeField(_("visited at"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="visits"
    )
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=VisitPurpose.choices, default=VisitPurpose.ROUTINE
    )
    met = models.CharField(_("met"), max_length=80, blank=True)
    learnt = models.TextField(_("learnt"), blank=True)

    # Photos and documents; set by the selector that reads several visits.
    files: list[Any] | None = None

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        ordering = ["-visited_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) | models.Q(about_id__isnull=False),
                name="crm_visit_somewhere",
            ),
            models.CheckConstraint(
                condition=models.Q(about_type__isnull=True, about_id__isnull=True)
                | models.Q(about_type__isnull=False, about_id__isnull=False),
                name="crm_visit_about_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "-visited_at"]),
            models.Index(fields=["about_type", "about_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise or self.place} {self.visited_at:%Y-%m-%d}"


class OfVisit(Through["VisitAnswer"]):
    """Answers are seen by whoever sees the visit."""

    through = "visit"


class VisitAnswer(models.Model):
    """One question asked during a visit and what was answered."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="answers")
    order = models.PositiveSmallIntegerField(_("order"))
    question = models.CharField(_("question"), max_length=200)
    answer = models.TextField(_("answer"))

    objects = OfVisit.as_manager()

    class Meta:
        verbose_name = _("answer at a visit")
        ordering = ["visit", "order"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "order"], name="crm_visit_answer_order")
        ]

    def __str__(self) -> str:
        return self.question

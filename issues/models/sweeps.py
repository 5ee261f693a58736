"""大排查: rounds in which every target is visited."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet
from crm.common.records.models import Attributable, TimeStamped
from issues.enums import SweepStatus


class SweepQuerySet(ScopedQuerySet["Sweep"]):
    """Rounds; the office sees all of them, within a round each sees its own targets."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rounds the actor may see."""
        if actor.sees_all or actor.has(Role.AGENT, Role.LEAD):
            return self.all()
        return self.none()


class Sweep(TimeStamped, Attributable):
    """One round: who is visited between which days, and what came of it."""

    number = models.PositiveSmallIntegerField(_("round"), unique=True)
    title = models.CharField(_("title"), max_length=80)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(
        _("state"), max_length=8, choices=SweepStatus.choices, default=SweepStatus.OPEN
    )
    opened_at = models.DateTimeField(_("opened at"), db_index=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)

    objects = SweepQuerySet.as_manager()

    class Meta:
        verbose_name = _("sweep round")
        verbose_name_plural = _("sweep rounds")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on__lte=models.F("ends_on")), name="issues_sweep_dates"
            ),
            models.CheckConstraint(
                condition=(models.Q(status=SweepStatus.CLOSED) & models.Q(closed_at__isnull=False))
                | (~models.Q(status=SweepStatus.CLOSED) & models.Q(closed_at__isnull=True)),
                name="issues_sweep_closed_iff",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SweepTargetQuerySet(ScopedQuerySet["SweepTarget"]):
    """Targets; agents and leads see those of their areas and their own."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the targets the actor may see."""
        if actor.sees_all:
            return self.all()
        if actor.has(Role.AGENT, Role.LEAD):
            return self.filter(
                models.Q(enterprise__area_id__in=actor.area_ids)
                | models.Q(project__area_id__in=actor.area_ids)
                | models.Q(owner_id=actor.user_id)
            )
        return self.none()


class SweepTarget(models.Model):
    """One project, or an enterprise without one, to be visited in a round, and by whom.

    A project whose investor has not founded its enterprise yet is visited all the same.
    """

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="targets")
    enterprise = models.ForeignKey(
        "crm.Enterprise",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sweep_targets",
    )
    project = models.ForeignKey(
        "projects.Project",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sweep_targets",
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField(_("planned for"))

    objects = SweepTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sweep target")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) | models.Q(enterprise__isnull=False),
                name="issues_sweeptarget_somebody",
            ),
            models.UniqueConstraint(
                fields=["sweep", "project"], name="issues_sweeptarget_project_once"
            ),
            models.UniqueConstraint(
                fields=["sweep", "enterprise"],
                condition=models.Q(project__isnull=True),
                name="issues_sweeptarget_enterprise_once",
            ),
        ]
        indexes = [models.Index(fields=["sweep", "owner"])]

    def __str__(self) -> str:
        return f"{self.sweep_id}: {self.project or self.enterprise}"


class OfTargetQuerySet(ScopedQuerySet["SweepVisit"]):
    """Visits are seen by whoever sees the target."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the visits of targets the actor may see."""
        if actor.sees_all:
            return self.all()
        return self.filter(target__in=SweepTarget.objects.visible_to(actor))


class SweepVisit(models.Model):
    """The visit to one target; its issues hang on it, `nothing_found` says there are none."""

    target = models.OneToOneField(SweepTarget, on_delete=models.CASCADE, related_name="visit")
    visited_at = models.DateTimeField(_("visited at"))
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    nothing_found = models.BooleanField(_("nothing found"))
    note = models.TextField(_("note"), blank=True)

    objects = OfTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sweep visit")
        ordering = ["-visited_at"]

    def __str__(self) -> str:
        return f"{self.target_id} {self.visited_at:%Y-%m-%d}"

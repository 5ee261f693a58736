"""大排查: rounds in which every target is visited."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet
from crm.common.records.models import Attributable, TimeStamped, Versioned
from issues.enums import SweepStatus


class SweepQuerySet(ScopedQuerySet["Sweep"]):
    """Rounds; the office sees all of them, within a round each sees its own targets."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the rounds open to the actor."""
        if actor.sees_all or actor.has(Role.AGENT, Role.LEAD):
            return self.all()
        return self.none()


class Sweep(TimeStamped, Attributable, Versioned):
    """One round: who is visited between which days, and what came of it."""

    number = models.PositiveSmallIntegerField(_("round"), unique=True)
    title = models.CharField(_("title"), max_length=80)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    status = models.CharField(
        _("state"), max_length=8, choices=SweepStatus.choices, default=SweepStatus.PLANNED
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, db_index=True)
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
            models.CheckConstraint(
                condition=models.Q(status=SweepStatus.PLANNED, opened_at__isnull=True)
                | (~models.Q(status=SweepStatus.PLANNED) & models.Q(opened_at__isnull=False)),
                name="issues_sweep_opened_iff",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether visits are recorded now."""
        return self.status == SweepStatus.OPEN


class SweepTargetQuerySet(ScopedQuerySet["SweepTarget"]):
    """Targets; agents and leads see those of their areas and their own."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the targets open to the actor."""
        if actor.sees_all:
            return self.all()
        if actor.has(Role.AGENT, Role.LEAD):
            return self.filter(
                models.Q(enterprise__area_id__in=actor.area_ids)
                | models.Q(project__area_id__in=actor.area_ids)
                | models.Q(owner_id__in=actor.person_ids)
            )
        return self.none()

    def unsettled(self) -> Self:
        """Return the targets neither visited nor excused."""
        return self.filter(visit=None, excused_at=None)


class SweepTarget(models.Model):
    """One project, or an enterprise without one, to be visited in a round, and by whom.

    A project whose investor has not founded its enterprise yet is visited all the same. The
    visit itself is a `crm.Visit`, as every other; whoever cannot be visited is excused with a
    reason.
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
    visit = models.OneToOneField(
        "crm.Visit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sweep_target",
    )
    nothing_found = models.BooleanField(_("nothing found"), default=False)
    excused_at = models.DateTimeField(_("excused at"), null=True, blank=True)
    excuse = models.TextField(_("excused because"), blank=True)

    objects = SweepTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sweep target")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(project__isnull=False) | models.Q(enterprise__isnull=False),
                name="issues_sweeptarget_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(nothing_found=False) | models.Q(visit__isnull=False),
                name="issues_sweeptarget_found_by_visit",
            ),
            models.CheckConstraint(
                condition=models.Q(excused_at__isnull=True, excuse="")
                | (models.Q(excused_at__isnull=False, visit__isnull=True) & ~models.Q(excuse="")),
                name="issues_sweeptarget_excused_iff",
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
        return f"{self.sweep_id}: {self.name}"

    @property
    def name(self) -> str:
        """Whom is visited: the project, or the enterprise where there is none."""
        return str(self.project.name if self.project else self.enterprise)

    @property
    def area_id(self) -> int:
        """Where it is: the project's area, else the enterprise's."""
        place = self.project or self.enterprise
        if place is None:
            raise ValueError("a target is a project or an enterprise")
        return place.area_id

    @property
    def is_settled(self) -> bool:
        """Whether it was visited or excused."""
        return self.visit_id is not None or self.excused_at is not None

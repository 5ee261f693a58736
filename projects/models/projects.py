"""Projects: one investment from lead to production."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import M, ScopedQuerySet, Through
from crm.common.records.models import Attributable, Searchable, TimeStamped, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from projects.enums import Light, ProjectKind, Stage, Standing


class ProjectQuerySet(SearchableQuerySetMixin, ScopedQuerySet["Project"]):
    """Projects; agents see their areas and teams, handlers what their department works on."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the projects the actor may see; removed ones only the auditor does."""
        rows = self if actor.has(Role.AUDITOR) else self.exclude(standing=Standing.REMOVED)
        if actor.sees_all:
            return rows.all()
        seen = models.Q(pk__in=())
        if actor.has(Role.AGENT, Role.LEAD):
            seen |= models.Q(area_id__in=actor.area_ids)
            seen |= models.Q(team__user_id__in=actor.person_ids, team__until=None)
        if actor.has(Role.HANDLER):
            seen |= models.Q(items__department_id__in=actor.department_ids)
            seen |= models.Q(approvals__department_id__in=actor.department_ids)
        if actor.has(Role.ENTERPRISE):
            seen |= models.Q(enterprise_id__in=actor.enterprise_ids)
        return rows.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))

    def running(self) -> Self:
        """Leave out the paused, terminated and removed ones and those that reached the register."""
        return self.filter(standing=Standing.RUNNING).exclude(stage=Stage.LISTED)

    def open(self) -> Self:
        """Leave out the terminated and removed ones and those that reached the register."""
        ended = [Standing.TERMINATED, Standing.REMOVED]
        return self.exclude(standing__in=ended).exclude(stage=Stage.LISTED)


class Project(TimeStamped, Attributable, Versioned, Searchable):
    """One investment from lead to production; money in 分.

    `stage` says how far it is, `standing` whether it goes on. A part of a larger contract has
    a `parent`, so that one contract is not counted twice. `light` with its two counts is
    stored (see `projects.services.lights`), its past in `ProjectLight`.
    """

    code = models.CharField(_("project number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    investor = models.CharField(_("investor"), max_length=120)
    enterprise = models.ForeignKey(
        "crm.Enterprise",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("enterprise"),
    )
    kind = models.CharField(
        _("kind"), max_length=14, choices=ProjectKind.choices, default=ProjectKind.INDUSTRIAL
    )
    industry = models.ForeignKey(
        "crm.Industry", on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    area = models.ForeignKey(
        "crm.Area", on_delete=models.PROTECT, related_name="projects", verbose_name=_("area")
    )
    stage = models.CharField(
        _("stage"), max_length=12, choices=Stage.choices, default=Stage.LEAD, db_index=True
    )
    stage_since = models.DateTimeField(_("in this stage since"))
    standing = models.CharField(
        _("standing"), max_length=10, choices=Standing.choices, default=Standing.RUNNING
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    light = models.CharField(_("light"), max_length=4, choices=Light.choices, default=Light.GREEN)
    late = models.PositiveSmallIntegerField(_("late"), default=0)
    soon = models.PositiveSmallIntegerField(_("due soon"), default=0)
    agreed_investment_fen = models.BigIntegerField(_("agreed investment"), null=True, blank=True)
    land_mu = models.DecimalField(
        _("land (mu)"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    filing_code = models.CharField(_("filing code"), max_length=40, blank=True)
    construction_permit = models.CharField(_("construction permit"), max_length=40, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    produced_on = models.DateField(_("producing since"), null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_investment_fen__isnull=True)
                | models.Q(agreed_investment_fen__gt=0),
                name="projects_project_agreed_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(standing=Standing.REMOVED, removed_at__isnull=False)
                | (~models.Q(standing=Standing.REMOVED) & models.Q(removed_at__isnull=True)),
                name="projects_project_removed_at_iff_removed",
            ),
            models.CheckConstraint(
                condition=models.Q(standing=Standing.RUNNING) | models.Q(light=Light.GREY),
                name="projects_project_grey_unless_running",
            ),
            # The classic double count: one investor, one project, one area.
            models.UniqueConstraint(
                fields=["investor", "name", "area"],
                condition=~models.Q(standing__in=[Standing.TERMINATED, Standing.REMOVED]),
                name="projects_project_once",
            ),
        ]
        indexes = [
            models.Index(fields=["area", "stage"]),
            models.Index(
                fields=["light", "-late"],
                condition=models.Q(light__in=[Light.RED, Light.AMBER]),
                name="projects_light_red_amber",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stopped(self) -> bool:
        """Whether it does not go on: paused, terminated or removed."""
        return self.standing != Standing.RUNNING


class OfProject(Through[M]):
    """Rows that hang on a project and are seen by whoever sees it."""

    through = "project"


class InvestmentProgress(Attributable):
    """What was paid in within one month, in 分; a correction supersedes, never overwrites."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="paid_in")
    month = models.DateField(_("month"))
    amount_fen = models.BigIntegerField(_("paid in"))
    evidence = models.CharField(_("evidence"), max_length=120)
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    superseded_at = models.DateTimeField(null=True)

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("investment paid in")
        ordering = ["month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(month__day=1), name="projects_paidin_month_is_first"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_fen__gte=0), name="projects_paidin_not_negative"
            ),
            models.UniqueConstraint(
                fields=["project", "month"],
                condition=models.Q(superseded_at=None),
                name="projects_paidin_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.month:%Y-%m}: {self.amount_fen}"


class AgreedInvestment(models.Model):
    """What a contract was worth from a moment on, in 分; figures of a past month ask this."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="agreed")
    amount_fen = models.BigIntegerField(_("agreed investment"))
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    superseded_at = models.DateTimeField(null=True)

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("agreed investment")
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="projects_agreed_positive"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(superseded_at=None),
                name="projects_agreed_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.amount_fen}"


class ProjectLight(models.Model):
    """The light a project showed from a day on, and why: so many late, so many due soon."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="lights")
    light = models.CharField(_("light"), max_length=4, choices=Light.choices)
    since = models.DateField(_("since"))
    late = models.PositiveSmallIntegerField(_("late"))
    soon = models.PositiveSmallIntegerField(_("due soon"))

    objects = OfProject.as_manager()

    class Meta:
        verbose_name = _("project light")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "since"], name="projects_light_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.since} {self.light}"

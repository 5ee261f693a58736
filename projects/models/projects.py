"""Projects, the people who answer for them, and the one list."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import M, ScopedQuerySet
from crm.common.records.models import Attributable, Searchable, TimeStamped, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from projects.enums import ItemSource, ItemStatus, ProjectKind, Stage, TeamSlot


class ProjectQuerySet(SearchableQuerySetMixin, ScopedQuerySet["Project"]):
    """Projects; agents see their areas and teams, handlers what their department works on."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the projects the actor may see."""
        if actor.sees_all or actor.has(Role.FINANCE, Role.POLICY_EDITOR):
            return self.all()
        seen = models.Q(pk__in=())
        if actor.has(Role.AGENT, Role.LEAD):
            mine = TeamMember.objects.filter(user_id=actor.user_id or 0, until=None)
            seen |= models.Q(area_id__in=actor.area_ids) | models.Q(pk__in=mine.values("project"))
        if actor.has(Role.HANDLER):
            departments = actor.department_ids
            items = ListItem.objects.filter(department_id__in=departments).values("project")
            seen |= models.Q(pk__in=items) | models.Q(approvals__department_id__in=departments)
        if actor.has(Role.ENTERPRISE):
            seen |= models.Q(enterprise_id__in=actor.enterprise_ids)
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))

    def running(self) -> Self:
        """Leave out the terminated ones and those that reached the register."""
        return self.exclude(stage__in=[Stage.TERMINATED, Stage.LISTED])


class Project(TimeStamped, Attributable, Versioned, Searchable):
    """One investment from lead to production; money in 分.

    A part of a larger contract has a `parent`, so that one contract is not counted twice.
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
    stage_before_pause = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    stage_since = models.DateTimeField(_("in this stage since"))
    agreed_investment_fen = models.BigIntegerField(_("agreed investment"), null=True, blank=True)
    paid_in_fen = models.BigIntegerField(_("paid in"), default=0)
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
                condition=models.Q(paid_in_fen__gte=0), name="projects_project_paid_in_not_negative"
            ),
            models.CheckConstraint(
                condition=(models.Q(stage="paused") & ~models.Q(stage_before_pause=""))
                | (~models.Q(stage="paused") & models.Q(stage_before_pause="")),
                name="projects_project_pause_remembers_stage",
            ),
        ]
        indexes = [models.Index(fields=["area", "stage"])]

    def __str__(self) -> str:
        return self.name


class OfProjectQuerySet(ScopedQuerySet[M]):
    """Rows that hang on a project and are seen by whoever sees it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of projects the actor may see."""
        if actor.sees_all:
            return self.all()
        return self.filter(project__in=Project.objects.visible_to(actor))


class TeamMember(models.Model):
    """A person in one of a project's six slots, with the period."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_places"
    )
    slot = models.CharField(_("role"), max_length=8, choices=TeamSlot.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("team member")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "slot"],
                condition=models.Q(until=None),
                name="projects_teammember_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.slot}"


class ListItem(TimeStamped, Versioned):
    """One row of the one list: what, by whom, by when; three views show the same rows."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items")
    what = models.CharField(_("task"), max_length=200)
    deliverable = models.CharField(_("deliverable"), max_length=120, blank=True)
    department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        related_name="list_items",
        verbose_name=_("responsible unit"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="list_items",
        verbose_name=_("responsible person"),
    )
    due_on = models.DateField(_("due"), db_index=True)
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    status = models.CharField(max_length=8, choices=ItemStatus.choices, default=ItemStatus.OPEN)
    source = models.CharField(
        _("source"), max_length=10, choices=ItemSource.choices, default=ItemSource.MANUAL
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("list item")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(status="done") & models.Q(done_at__isnull=False))
                | (~models.Q(status="done") & models.Q(done_at__isnull=True)),
                name="projects_listitem_done_at_iff_done",
            )
        ]

    def __str__(self) -> str:
        return self.what

"""The catalogue of approval matters, and the cases pushed through for projects."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import Pause, load_calendar
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ReadByAll, ScopedQuerySet, Through
from crm.common.records.models import (
    DatedVersion,
    DatedVersionQuerySet,
    TimeStamped,
    Versioned,
)
from projects.enums import ApprovalStatus
from projects.models.projects import Project
from projects.rules import running_days


class ApprovalMatter(models.Model):
    """An approval an investment project may need: an identity; its limits stand in versions."""

    code = models.CharField(_("code"), max_length=6, unique=True)

    objects = ReadByAll["ApprovalMatter"].as_manager()

    class Meta:
        verbose_name = _("approval matter")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class MatterVersionQuerySet(  # type: ignore[override]
    DatedVersionQuerySet["MatterVersion"], ReadByAll["MatterVersion"]
):
    """Versions of the catalogue; read by everybody who is signed in."""


class MatterVersion(DatedVersion):
    """What a matter asks and promises from a day to a day; limits in working days.

    `statutory_text` and `promised_text` stand as published; the numbers are read from them
    and are empty where the law sets no limit in days.
    """

    matter = models.ForeignKey(ApprovalMatter, on_delete=models.PROTECT, related_name="versions")
    stage = models.CharField(_("stage"), max_length=30)
    name = models.CharField(_("matter"), max_length=80)
    name_en = models.CharField(max_length=60)
    department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        related_name="matters",
        verbose_name=_("department"),
    )
    statutory_text = models.CharField(_("statutory limit"), max_length=80)
    promised_text = models.CharField(_("promised limit"), max_length=80)
    statutory_days = models.PositiveSmallIntegerField(_("statutory days"), null=True, blank=True)
    promised_days = models.PositiveSmallIntegerField(_("promised days"), null=True, blank=True)
    evidence = models.CharField(_("evidence"), max_length=120)
    predecessors = models.ManyToManyField(ApprovalMatter, blank=True, related_name="successors")

    objects = MatterVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a matter")
        ordering = ["matter__code", "-effective_from"]

    def __str__(self) -> str:
        return self.name


class ApprovalQuerySet(ScopedQuerySet["Approval"]):
    """Cases; seen with the project, and by the department that decides."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the cases the actor may see."""
        if actor.sees_all:
            return self.all()
        seen = models.Q(project__in=Project.objects.visible_to(actor))
        if actor.has(Role.HANDLER) and not actor.has(Role.AGENT, Role.LEAD):
            seen = models.Q(department_id__in=actor.department_ids)
        return self.filter(seen)


class Approval(TimeStamped, Versioned):
    """One matter of one project with its clock in working days, entrusted (代办) or not.

    The version of the matter and the days it was promised are frozen at acceptance. A case
    without `entrusted_at` is run by the enterprise itself; its department reports where it is.
    """

    number = models.CharField(_("case number"), max_length=24, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="approvals")
    matter = models.ForeignKey(ApprovalMatter, on_delete=models.PROTECT, related_name="cases")
    version_of_matter = models.ForeignKey(
        MatterVersion, on_delete=models.PROTECT, related_name="cases"
    )
    statutory_days = models.PositiveSmallIntegerField(_("statutory days"), null=True)
    promised_days = models.PositiveSmallIntegerField(_("promised days"), null=True)
    department = models.ForeignKey(
        "crm.Department", on_delete=models.PROTECT, related_name="approvals"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="approvals"
    )
    status = models.CharField(
        _("status"),
        max_length=12,
        choices=ApprovalStatus.choices,
        default=ApprovalStatus.DRAFTED,
        db_index=True,
    )
    entrusted_at = models.DateTimeField(_("entrusted at"), null=True, blank=True, db_index=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True, db_index=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    result_number = models.CharField(_("certificate number"), max_length=60, blank=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        ordering = ["matter__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "matter"],
                condition=~models.Q(status="refused"),
                name="projects_approval_one_live_case",
            ),
            models.CheckConstraint(
                condition=models.Q(status="drafted", entrusted_at__isnull=True)
                | models.Q(status__in=["entrusted", "materials"], entrusted_at__isnull=False)
                | ~models.Q(status__in=["drafted", "entrusted", "materials"]),
                name="projects_approval_entrusted_before_the_department",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["decided", "refused", "delivered", "rated"],
                    decided_on__isnull=False,
                )
                | (
                    ~models.Q(status__in=["decided", "refused", "delivered", "rated"])
                    & models.Q(decided_on__isnull=True)
                ),
                name="projects_approval_decided_on_iff_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def name(self) -> str:
        """The matter's name in the version the case runs under."""
        return self.version_of_matter.name

    @property
    def pk_text(self) -> str:
        """Its number as a text, for the addresses within a page."""
        return str(self.pk)

    @property
    def is_entrusted(self) -> bool:
        """Whether an agent runs it for the enterprise."""
        return self.entrusted_at is not None

    @property
    def limits(self) -> dict[str, int | None]:
        """The days of its limits: as frozen at acceptance, before it as the catalogue has them."""
        holds = self.version_of_matter if self.accepted_on is None else self
        return {"statutory": holds.statutory_days, "promised": holds.promised_days}

    @property
    def workdays_taken(self) -> int | None:
        """Working days from acceptance to decision without clock stops; None before it."""
        if self.accepted_on is None or self.decided_on is None:
            return None
        stops = [pause.as_pause() for pause in self.pauses.all()]
        return load_calendar().workdays_between(self.accepted_on, self.decided_on, stops)

    @property
    def whole_process_workdays(self) -> int | None:
        """Working days on which a case of the project ran until this one was decided."""
        if self.decided_on is None:
            return None
        spans = [
            (case.accepted_on, case.decided_on, [row.as_pause() for row in case.pauses.all()])
            for case in self.project.approvals.all()
            if case.accepted_on and case.decided_on and case.decided_on <= self.decided_on
        ]
        return len(running_days(spans, load_calendar()))


class OfApproval(Through["ApprovalPause"]):
    """Clock stops; seen with the case."""

    through = "approval"


class ApprovalPause(models.Model):
    """Days on which a case's clock stands still: corrections, public notice, expert review."""

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="pauses")
    start_on = models.DateField(_("from"))
    end_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120)

    objects = OfApproval.as_manager()

    class Meta:
        verbose_name = _("clock stop")
        ordering = ["start_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_on__isnull=True)
                | models.Q(end_on__gte=models.F("start_on")),
                name="projects_pause_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["approval"],
                condition=models.Q(end_on=None),
                name="projects_pause_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_on} – {self.end_on or ''}"

    def as_pause(self) -> Pause:
        """Return the days for the calendar."""
        return Pause(self.start_on, self.end_on, self.reason)

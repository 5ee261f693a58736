"""The ledger: one record for a problem or a need, from hearing it to striking it off."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import WorkCalendar
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet
from crm.common.records.models import Attributable, Searchable, TimeStamped, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from issues.enums import (
    ASKING_STATUSES,
    HANDLED_STATUSES,
    OPEN_STATUSES,
    IssueKind,
    IssueSource,
    IssueStatus,
    Severity,
)

RESTING: dict[str, str] = {
    IssueStatus.CLOSED: "done",
    IssueStatus.PARKED: "hold",
    IssueStatus.REFUSED: "no",
    IssueStatus.WITHDRAWN: "no",
}


def hidden_complaint(actor: Actor, through: str = "") -> models.Q | None:
    """Return the condition of complaints about the actor's own department, or None.

    Its own is the department, all below it and all above it: who works in a part of the
    accused bureau works there. `through` is the way from the row to the issue. Leaders and
    auditors see all of them.
    """
    if actor.sees_all or not actor.department_ids:
        return None
    path = f"{through}__about_department__in" if through else "about_department__in"
    departments: Any = Issue._meta.get_field("about_department").related_model
    own = departments.objects.filter(pk=actor.department_id).values("path")[:1]
    above = departments.objects.annotate(own=models.Subquery(own)).filter(
        own__startswith=models.F("path")
    )
    below = models.Q(**{path: actor.department_ids})
    return below | models.Q(**{path: above.order_by().values("pk")})


class IssueQuerySet(SearchableQuerySetMixin, ScopedQuerySet["Issue"]):
    """Issues; agents see their areas and what they logged, a department what it was assigned.

    A complaint about a department is hidden from all who work there.
    """

    _counting: tuple[WorkCalendar, date] | None = None
    _naming = False

    def seen_by(self, actor: Actor) -> Self:
        """Return the issues open to the actor."""
        if actor.sees_all:
            return self.all()
        seen = models.Q(pk__in=())
        if actor.has(Role.AGENT, Role.LEAD):
            seen |= models.Q(area_id__in=actor.area_ids) | models.Q(created_by_id=actor.user_id)
        if actor.has(Role.HANDLER):
            seen |= models.Q(pk__in=self.assigned_to(actor.department_ids).values("pk"))
            seen |= models.Q(created_by_id=actor.user_id)
        if actor.has(Role.ENTERPRISE):
            seen |= models.Q(enterprise_id__in=actor.enterprise_ids)
        return self.filter(seen)

    def hidden_from(self, actor: Actor) -> models.Q | None:
        """Hide a complaint from the department it is about."""
        return hidden_complaint(actor)

    def assigned_to(self, department_ids: Iterable[int]) -> QuerySet[Any]:
        """Return all issues handed to one of the departments and not taken from it again."""
        rows: QuerySet[Any] = self.model._base_manager.filter(
            rounds__assignments__department_id__in=department_ids,
            rounds__assignments__withdrawn_at=None,
        )
        return rows.order_by()

    def standing(self, before: datetime | None = None) -> Self:
        """Leave out what was entered by mistake; `before` asks what stood just before a moment."""
        if before is None:
            return self.filter(withdrawn_at=None)
        kept = models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=before)
        return self.filter(kept, received_at__lt=before)

    def counted(self, calendar: WorkCalendar, today: date) -> Self:
        """Put the working days left on every row that is read."""
        rows: Self = self.all()
        rows._counting = (calendar, today)
        return rows

    def named(self) -> Self:
        """Put the departments now working on it on every row that is read, in one query."""
        rows: Self = self.all()
        rows._naming = True
        return rows

    def _clone(self) -> Self:
        rows = super()._clone()  # type: ignore[misc]
        rows._counting, rows._naming = self._counting, self._naming
        return rows  # type: ignore[no-any-return]

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and self._naming:
            self._name_units([row for row in self._result_cache or () if isinstance(row, Issue)])
        if self._counting is None:
            return
        calendar, today = self._counting
        for row in self._result_cache or ():
            if isinstance(row, Issue) and not row.resting_lamp:
                row.workdays_left = calendar.workdays_between(today, row.due_on)

    def _name_units(self, rows: list["Issue"]) -> None:
        parts: Any = self.model._meta.get_field("rounds").related_model
        told = parts.objects.filter(
            issue__in=[row.pk for row in rows],
            number=models.F("issue__round_number"),
            assignments__withdrawn_at=None,
            assignments__isnull=False,
        ).order_by("-assignments__role", "assignments__pk")
        names: dict[int, list[str]] = {row.pk: [] for row in rows}
        for pk, name in told.values_list("issue_id", "assignments__department__short_name"):
            names[pk].append(name)
        for row in rows:
            row.unit_names = "、".join(names[row.pk])

    def in_progress(self) -> Self:
        """Leave out what is struck off, parked or not accepted."""
        return self.filter(status__in=OPEN_STATUSES)


class Issue(TimeStamped, Attributable, Versioned, Searchable):
    """问题 or 需求 of one enterprise, or of a project whose investor has no company yet.

    `verbatim` is what was said and is never changed; `reading` is the officer's understanding
    of it. `received_at` is when the record arrived here, `captured_at` what the phone claimed,
    `reported_at` the capture time, bounded: the first round's clock counts from it. Limits,
    parts, answers and the enterprise's word hang on the rounds; `status`, `due_on` and
    `closed_at` are the current round's.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(
        _("kind"), max_length=8, choices=IssueKind.choices, default=IssueKind.PROBLEM
    )
    source = models.CharField(_("source"), max_length=12, choices=IssueSource.choices)
    category = models.ForeignKey(
        "issues.IssueCategory",
        on_delete=models.PROTECT,
        related_name="issues",
        verbose_name=_("category"),
    )
    severity = models.CharField(
        _("impact"), max_length=10, choices=Severity.choices, default=Severity.NORMAL
    )
    enterprise = models.ForeignKey(
        "crm.Enterprise",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("enterprise"),
    )
    project = models.ForeignKey(
        "projects.Project",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
        verbose_name=_("project"),
    )
    area = models.ForeignKey(
        "crm.Area", on_delete=models.PROTECT, related_name="issues", verbose_name=_("area")
    )
    title = models.CharField(_("title"), max_length=80)
    verbatim = models.TextField(_("in their words"))
    reading = models.TextField(_("our reading"), blank=True)
    status = models.CharField(
        _("step"), max_length=10, choices=IssueStatus.choices, default=IssueStatus.RECEIVED
    )
    reported_at = models.DateTimeField(_("reported at"))
    captured_at = models.DateTimeField(_("captured at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), db_index=True)
    round_number = models.PositiveSmallIntegerField(_("round"), default=1)
    due_on = models.DateField(_("due"), db_index=True)
    parked_until = models.DateField(_("next review"), null=True, blank=True)
    closed_at = models.DateTimeField(_("struck off at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    about_department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("complaint about"),
    )
    client_uuid = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    visit = models.ForeignKey(
        "crm.Visit", on_delete=models.PROTECT, null=True, blank=True, related_name="issues"
    )
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )

    # Working days to the solution, negative when overdue; set by `IssueQuerySet.counted`.
    workdays_left: int | None = None
    # The departments now working on it; set by `IssueQuerySet.named`.
    unit_names: str | None = None
    # What a list draws of the records beside it; set by the selector of the list.
    told_subject: str | None = None
    told_category = ""
    told_area = ""

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(status=IssueStatus.CLOSED) & models.Q(closed_at__isnull=False))
                | (~models.Q(status=IssueStatus.CLOSED) & models.Q(closed_at__isnull=True)),
                name="issues_closed_iff_closed_at",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status=IssueStatus.PARKED) & models.Q(parked_until__isnull=False)
                )
                | (~models.Q(status=IssueStatus.PARKED) & models.Q(parked_until__isnull=True)),
                name="issues_parked_iff_review",
            ),
            models.CheckConstraint(
                condition=models.Q(reported_at__lte=models.F("received_at")),
                name="issues_reported_before_received",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status=IssueStatus.WITHDRAWN) & models.Q(withdrawn_at__isnull=False)
                )
                | (~models.Q(status=IssueStatus.WITHDRAWN) & models.Q(withdrawn_at__isnull=True)),
                name="issues_withdrawn_iff_withdrawn_at",
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) | models.Q(project__isnull=False),
                name="issues_issue_of_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "due_on"]),
            models.Index(fields=["area", "status", "due_on"]),
            models.Index(fields=["enterprise", "-received_at"]),
            models.Index(fields=["project", "-received_at"]),
            models.Index(fields=["category", "status"]),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def resting_lamp(self) -> str:
        """The lamp of a state in which the clock does not run; empty while it does."""
        return RESTING.get(self.status, "")

    @property
    def subject_name(self) -> str:
        """Whose issue it is: the enterprise, or the project while it has none."""
        if self.told_subject is not None:
            return self.told_subject
        if self.enterprise is not None:
            return self.enterprise.name
        return self.project.name if self.project is not None else ""

    @property
    def is_urgent(self) -> bool:
        """Whether the enterprise's work stands still."""
        return self.severity == Severity.STOPPED

    @property
    def is_grave(self) -> bool:
        """Whether it delays or stops the enterprise's work."""
        return self.severity != Severity.NORMAL

    @property
    def is_fresh(self) -> bool:
        """Whether nobody has signed for it yet."""
        return self.status in (IssueStatus.RECEIVED, IssueStatus.ASSIGNED)

    @property
    def is_being_handled(self) -> bool:
        """Whether a department has it and has not answered."""
        return self.status in HANDLED_STATUSES

    @property
    def is_received(self) -> bool:
        """Whether it is on record and not handed out yet."""
        return self.status == IssueStatus.RECEIVED

    @property
    def asks_enterprise(self) -> bool:
        """Whether an answer waits for the enterprise's word."""
        return self.status in ASKING_STATUSES

    @property
    def current(self) -> Any:
        """The round that is on, or the last one of an issue at rest."""
        return list(self.rounds.all())[-1]

    @property
    def parts(self) -> list[Any]:
        """The parts of the departments now working on it, the leading one first."""
        return [row for row in self.current.assignments.all() if row.withdrawn_at is None]

    @property
    def units(self) -> str:
        """The departments now working on it, the leading one first."""
        if self.unit_names is not None:
            return self.unit_names
        return "、".join(row.department.short_name for row in self.parts)

"""The ledger: one record for a problem or a need, from hearing it to striking it off."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.days.calendar import WorkCalendar
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import M, ScopedQuerySet
from crm.common.records.models import Attributable, Searchable, TimeStamped, Versioned
from crm.common.records.searching import SearchableQuerySetMixin
from issues.enums import (
    OPEN_STATUSES,
    AssignmentRole,
    IssueKind,
    IssueSource,
    IssueStatus,
    Outcome,
    Severity,
)

RESTING: dict[str, str] = {
    IssueStatus.CLOSED: "done",
    IssueStatus.PARKED: "hold",
    IssueStatus.REFUSED: "no",
}


class IssueQuerySet(SearchableQuerySetMixin, ScopedQuerySet["Issue"]):
    """Issues; agents see their areas and what they logged, a department what it was assigned."""

    _counting: tuple[WorkCalendar, date] | None = None

    def visible_to(self, actor: Actor) -> Self:
        """Return the issues the actor may see."""
        if actor.sees_all:
            return self.all()
        seen = models.Q(pk__in=())
        if actor.has(Role.AGENT, Role.LEAD):
            seen |= models.Q(area_id__in=actor.area_ids) | models.Q(created_by_id=actor.user_id)
        if actor.has(Role.HANDLER):
            assigned = IssueAssignment.objects.filter(
                department_id__in=actor.department_ids, withdrawn_at=None
            )
            seen |= models.Q(pk__in=assigned.values("issue_id"))
            seen |= models.Q(created_by_id=actor.user_id)
        if actor.has(Role.ENTERPRISE):
            seen |= models.Q(enterprise_id__in=actor.enterprise_ids)
        return self.filter(seen)

    def counted(self, calendar: WorkCalendar, today: date) -> Self:
        """Put the working days left on every row that is read."""
        rows: Self = self.all()
        rows._counting = (calendar, today)
        return rows

    def _clone(self) -> Self:
        rows = super()._clone()  # type: ignore[misc]
        rows._counting = self._counting
        return rows  # type: ignore[no-any-return]

    def _fetch_all(self) -> None:
        super()._fetch_all()
        if self._counting is None:
            return
        calendar, today = self._counting
        for row in self._result_cache or ():
            if isinstance(row, Issue) and not row.resting_lamp:
                row.workdays_left = calendar.workdays_between(today, row.due_on)

    def in_progress(self) -> Self:
        """Leave out what is struck off, parked or not accepted."""
        return self.filter(status__in=OPEN_STATUSES)


class Issue(TimeStamped, Attributable, Versioned, Searchable):
    """问题 or 需求 of one enterprise.

    `verbatim` is what the enterprise said and is never changed; `reading` is the officer's
    understanding of it. The clock counts from `reported_at` (the capture time, bounded);
    `received_at` is when the record arrived here, `captured_at` what the phone claimed.
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
    contact_due_on = models.DateField(_("first contact due"))
    answer_due_on = models.DateField(_("answer due"))
    due_on = models.DateField(_("due"), db_index=True)
    parked_until = models.DateField(_("next review"), null=True, blank=True)
    closed_at = models.DateTimeField(_("struck off at"), null=True, blank=True)
    client_uuid = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    sweep_visit = models.ForeignKey(
        "issues.SweepVisit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="issues",
    )
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )

    # Working days to the solution, negative when overdue; set by `IssueQuerySet.counted`.
    workdays_left: int | None = None

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
                condition=models.Q(contact_due_on__lte=models.F("answer_due_on"))
                & models.Q(answer_due_on__lte=models.F("due_on")),
                name="issues_due_in_order",
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
    def units(self) -> str:
        """The departments now working on it, the leading one first."""
        parts = [row for row in self.assignments.all() if row.withdrawn_at is None]
        return "、".join(row.department.short_name for row in parts)


class OfIssueQuerySet(ScopedQuerySet[M]):
    """Rows that hang on an issue and are seen by whoever sees it."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows of issues the actor may see."""
        if actor.sees_all:
            return self.all()
        return self.filter(issue__in=Issue.objects.visible_to(actor))


class IssueAssignment(models.Model):
    """One department's part of an issue: who signed for it, what was answered, what shows it.

    An answer that was sent back keeps its words and its author but loses `answered_at`; a
    part that was returned or passed on stays on record as withdrawn.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="assignments")
    department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        related_name="issue_assignments",
        verbose_name=_("responsible unit"),
    )
    role = models.CharField(
        _("part"), max_length=8, choices=AssignmentRole.choices, default=AssignmentRole.LEAD
    )
    task = models.TextField(_("what to do"), blank=True)
    assigned_at = models.DateTimeField(_("assigned at"))
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed for at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.TextField(_("answer"), blank=True)
    evidence = models.ManyToManyField("common.StoredFile", blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        ordering = ["-role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "department"], name="issues_assignment_once"),
            models.UniqueConstraint(
                fields=["issue"],
                condition=models.Q(role=AssignmentRole.LEAD, withdrawn_at__isnull=True),
                name="issues_assignment_one_lead",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | ~models.Q(answer=""),
                name="issues_answer_has_words",
            ),
        ]
        indexes = [models.Index(fields=["department", "answered_at"])]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.department}"


class Confirmation(models.Model):
    """What the enterprise said about an answer; every word it said stays on record."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="confirmations")
    outcome = models.CharField(_("solved?"), max_length=8, choices=Outcome.choices)
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)
    words = models.TextField(_("in their words"), blank=True)
    confirmed_at = models.DateTimeField(_("said at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfIssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stars__isnull=True) | models.Q(stars__range=(1, 5)),
                name="issues_confirmation_stars",
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.outcome}"

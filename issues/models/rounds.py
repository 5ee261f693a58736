"""Rounds of an issue: each has its own limits, parts, pauses, confirmation and end."""

from datetime import date

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import M, Through
from issues.enums import AssignmentRole, Channel, Outcome, RoundEnd
from issues.models.categories import LimitVersion
from issues.models.issues import Issue


class OfIssue(Through["IssueRound"]):
    """Rounds are seen by whoever sees the issue."""

    through = "issue"


class OfRound(Through[M]):
    """What hangs on a round is seen by whoever sees the issue."""

    through = "round__issue"


class IssueRound(models.Model):
    """One way of an issue from the office to its end; a later round never changes it.

    The first begins with the issue, another when the enterprise is not content (重办, the clock
    runs on) or when the issue is opened again (new limits, from that day). Limits are frozen
    from the version in force when the round was accepted.
    """

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("round"))
    opened_at = models.DateTimeField(_("opened at"))
    opened_because = models.TextField(_("opened because"), blank=True)
    clock_from = models.DateTimeField(_("clock counts from"))
    limits = models.ForeignKey(LimitVersion, on_delete=models.PROTECT, related_name="+")
    contact_days = models.PositiveSmallIntegerField(_("first contact, working days"))
    answer_days = models.PositiveSmallIntegerField(_("answer, working days"))
    solve_days = models.PositiveSmallIntegerField(_("solution, working days"))
    confirm_days = models.PositiveSmallIntegerField(_("confirmation, working days"))
    contact_due_on = models.DateField(_("first contact due"))
    answer_due_on = models.DateField(_("answer due"))
    due_on = models.DateField(_("due"))
    asked_at = models.DateTimeField(_("enterprise asked at"), null=True, blank=True)
    confirm_due_on = models.DateField(_("confirmation due"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, db_index=True)
    outcome = models.CharField(_("end"), max_length=12, choices=RoundEnd.choices, blank=True)
    client_uuid = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = OfIssue.as_manager()

    class Meta:
        verbose_name = _("round of an issue")
        verbose_name_plural = _("rounds of issues")
        ordering = ["issue", "number"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="issues_round_number"),
            models.UniqueConstraint(
                fields=["issue"],
                condition=models.Q(ended_at__isnull=True),
                name="issues_round_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="issues_round_ended_iff_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at__isnull=True, confirm_due_on__isnull=True)
                | models.Q(asked_at__isnull=False, confirm_due_on__isnull=False),
                name="issues_round_asked_iff_due",
            ),
            models.CheckConstraint(
                condition=models.Q(contact_due_on__lte=models.F("answer_due_on"))
                & models.Q(answer_due_on__lte=models.F("due_on")),
                name="issues_due_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id}/{self.number}"

    @property
    def said(self) -> "Confirmation | None":
        """What the enterprise said in this round, if anything."""
        return next(iter(self.confirmations.all()), None)

    def silent_on(self, day: date) -> bool:
        """Say whether the enterprise was asked and its days to answer are over."""
        return self.confirm_due_on is not None and self.confirm_due_on < day and self.said is None


class IssuePause(models.Model):
    """挂账: working days that do not count, from the day it was parked until it went on."""

    round = models.ForeignKey(IssueRound, on_delete=models.CASCADE, related_name="pauses")
    since = models.DateField(_("from"))
    review_on = models.DateField(_("next review"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.TextField(_("reason"))

    objects = OfRound.as_manager()

    class Meta:
        verbose_name = _("pause")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(until__isnull=True),
                name="issues_pause_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.since}"


class IssueExtension(models.Model):
    """延期: a later day that was granted; the day before it stays on record."""

    round = models.ForeignKey(IssueRound, on_delete=models.CASCADE, related_name="extensions")
    before = models.DateField(_("day before"))
    after = models.DateField(_("new day"))
    reason = models.TextField(_("reason"))
    granted_at = models.DateTimeField(_("granted at"))
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = OfRound.as_manager()

    class Meta:
        verbose_name = _("extension")
        ordering = ["granted_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(after__gt=models.F("before")), name="issues_extension_forward"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.before} → {self.after}"


class IssueAssignment(models.Model):
    """One department's part of a round: who signed for it, what was answered, what shows it.

    A part that was returned or passed on stays on record as withdrawn.
    """

    round = models.ForeignKey(IssueRound, on_delete=models.CASCADE, related_name="assignments")
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

    objects = OfRound.as_manager()

    class Meta:
        verbose_name = _("assignment")
        ordering = ["-role", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "department"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="issues_assignment_once",
            ),
            models.UniqueConstraint(
                fields=["round"],
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
        return f"{self.round_id} → {self.department}"


class Confirmation(models.Model):
    """What the enterprise said about an answer: one word a round, and it stays on record.

    It says it itself in the portal or through a signed link, or on the telephone to a member
    of staff, who is then named (`recorded_by`) with the person called (`speaker`).
    """

    PERSONAL_FIELDS = ("speaker",)

    round = models.ForeignKey(IssueRound, on_delete=models.CASCADE, related_name="confirmations")
    outcome = models.CharField(_("solved?"), max_length=8, choices=Outcome.choices)
    channel = models.CharField(
        _("told by"), max_length=10, choices=Channel.choices, default=Channel.PORTAL
    )
    stars = models.PositiveSmallIntegerField(_("stars"), null=True, blank=True)
    words = models.TextField(_("in their words"), blank=True)
    confirmed_at = models.DateTimeField(_("said at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    speaker = models.CharField(_("person spoken to"), max_length=40, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OfRound.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        ordering = ["-confirmed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round"], name="issues_confirmation_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(stars__isnull=True) | models.Q(stars__range=(1, 5)),
                name="issues_confirmation_stars",
            ),
            models.CheckConstraint(
                condition=models.Q(channel=Channel.PORTAL, confirmed_by__isnull=False)
                | models.Q(channel=Channel.LINK)
                | (models.Q(channel=Channel.TELEPHONE, recorded_by__isnull=False)),
                name="issues_confirmation_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.outcome}"

    @property
    def is_solved(self) -> bool:
        """Whether the enterprise is content."""
        return self.outcome == Outcome.SOLVED

    @property
    def lamp(self) -> str:
        """The lamp beside it."""
        return "done" if self.is_solved else "risk"

    @property
    def who(self) -> str:
        """Who said it, as the page names them."""
        return str(self.confirmed_by or self.speaker or self.get_channel_display())

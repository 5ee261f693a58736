"""What issues are about, and within which limits: rows of the city, not constants."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.scoping import M, ScopedQuerySet
from issues.enums import IssueKind, Severity


class ReferenceQuerySet(ScopedQuerySet[M]):
    """Reference rows: every signed-in person may read them."""

    def visible_to(self, actor: Actor) -> Self:
        """Return all rows to whoever is signed in."""
        return self.all() if actor.user_id or actor.is_system else self.none()


class IssueCategory(models.Model):
    """One category of the ledger; `department` answers for it unless another is named."""

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=20)
    icon = models.CharField(_("icon"), max_length=30, default="dots")
    kind = models.CharField(
        _("kind"), max_length=8, choices=IssueKind.choices, default=IssueKind.PROBLEM
    )
    department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible unit"),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue category")
        verbose_name_plural = _("issue categories")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class LimitProfile(models.Model):
    """A set of limits in force from a day on; the latest that has begun counts."""

    name = models.CharField(_("name"), max_length=60)
    effective_from = models.DateField(_("in force from"), unique=True)
    source = models.CharField(_("document"), max_length=120, blank=True)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit profile")
        ordering = ["-effective_from"]

    def __str__(self) -> str:
        return self.name


class LimitRule(models.Model):
    """Working days to contact, answer and solve, for a severity and perhaps a category."""

    profile = models.ForeignKey(LimitProfile, on_delete=models.CASCADE, related_name="rules")
    category = models.ForeignKey(
        IssueCategory, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    contact_days = models.PositiveSmallIntegerField(_("first contact, working days"))
    answer_days = models.PositiveSmallIntegerField(_("answer, working days"))
    solve_days = models.PositiveSmallIntegerField(_("solution, working days"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit")
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "category", "severity"], name="issues_limit_once"
            ),
            models.UniqueConstraint(
                fields=["profile", "severity"],
                condition=models.Q(category__isnull=True),
                name="issues_limit_general_once",
            ),
            models.CheckConstraint(
                condition=models.Q(contact_days__lte=models.F("answer_days"))
                & models.Q(answer_days__lte=models.F("solve_days"))
                & models.Q(solve_days__gte=1),
                name="issues_limit_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.severity}: {self.solve_days}"

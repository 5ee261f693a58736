"""What issues are about, and within which limits: rows of the city, not constants."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByAll
from crm.common.records.models import DatedVersion, DatedVersionQuerySet
from issues.enums import IssueKind, Severity


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

    objects = ReadByAll.as_manager()

    class Meta:
        verbose_name = _("issue category")
        verbose_name_plural = _("issue categories")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name


class LimitProfile(models.Model):
    """A set of limits as the city names it; what it says is in its dated versions."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=60)

    objects = ReadByAll.as_manager()

    class Meta:
        verbose_name = _("limit profile")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class LimitVersionQuerySet(  # type: ignore[override]
    DatedVersionQuerySet["LimitVersion"], ReadByAll["LimitVersion"]
):
    """Versions of limit profiles, read by everybody, always asked for a day."""


class LimitVersion(DatedVersion):
    """The limits a profile sets from a day to a day; a round of an issue freezes them.

    Source: the city's own document (`source`); versions never overlap.
    """

    profile = models.ForeignKey(LimitProfile, on_delete=models.PROTECT, related_name="versions")
    source = models.CharField(_("document"), max_length=120, blank=True)

    objects = LimitVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a limit profile")
        ordering = ["profile", "-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "effective_from"], name="issues_limitversion_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.profile} {self.effective_from:%Y-%m-%d}"


class LimitRule(models.Model):
    """Working days to contact, answer, solve and confirm, for a severity, perhaps a category.

    `confirm_days` is how long an enterprise that was asked may think; its silence after that
    is “unconfirmed” (湖北省营商环境问题投诉联动处理办法: five working days to hear it).
    """

    version = models.ForeignKey(LimitVersion, on_delete=models.PROTECT, related_name="rules")
    category = models.ForeignKey(
        IssueCategory, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    contact_days = models.PositiveSmallIntegerField(_("first contact, working days"))
    answer_days = models.PositiveSmallIntegerField(_("answer, working days"))
    solve_days = models.PositiveSmallIntegerField(_("solution, working days"))
    confirm_days = models.PositiveSmallIntegerField(_("confirmation, working days"), default=5)

    objects = ReadByAll.as_manager()

    class Meta:
        verbose_name = _("limit")
        constraints = [
            models.UniqueConstraint(
                fields=["version", "category", "severity"], name="issues_limit_once"
            ),
            models.UniqueConstraint(
                fields=["version", "severity"],
                condition=models.Q(category__isnull=True),
                name="issues_limit_general_once",
            ),
            models.CheckConstraint(
                condition=models.Q(contact_days__lte=models.F("answer_days"))
                & models.Q(answer_days__lte=models.F("solve_days"))
                & models.Q(solve_days__gte=1, confirm_days__gte=1),
                name="issues_limit_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.severity}: {self.solve_days}"

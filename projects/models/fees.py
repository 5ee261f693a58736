"""零负担: what a project would have paid, and who bears it."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ReadByAll, Through
from crm.common.records.models import (
    Attributable,
    DatedVersion,
    DatedVersionQuerySet,
    TimeStamped,
    Versioned,
)
from projects.enums import DecisionStatus, FeeMode
from projects.models.projects import OfProject, Project


class FeeItem(models.Model):
    """An approval fee of the catalogue: an identity; what it is stands in its versions."""

    code = models.SlugField(_("code"), max_length=20, unique=True)

    objects = ReadByAll["FeeItem"].as_manager()

    class Meta:
        verbose_name = _("fee item")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class FeeItemQuerySet(  # type: ignore[override]
    DatedVersionQuerySet["FeeItemVersion"], ReadByAll["FeeItemVersion"]
):
    """Versions of the fee catalogue; read by everybody who is signed in."""


class FeeItemVersion(DatedVersion):
    """What a fee is called, who receives it and on which basis, from a day to a day."""

    item = models.ForeignKey(FeeItem, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(_("fee"), max_length=80)
    payee = models.ForeignKey("crm.Department", on_delete=models.PROTECT, related_name="+")
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    objects = FeeItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("fee")
        ordering = ["item__code", "-effective_from"]

    def __str__(self) -> str:
        return self.name


class ZeroBurdenQuerySet(OfProject["ZeroBurdenDecision"]):
    """Decisions on fees: seen with the project, and by finance, whose money they are."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the decisions open to the actor."""
        return self.all() if actor.has(Role.FINANCE) else super().seen_by(actor)


class ZeroBurdenDecision(TimeStamped, Attributable, Versioned):
    """The decision that a project bears no approval fees; one at most is in force.

    It is proposed with its bill and put into force by somebody else (two phases). Revoked, it
    stays on record with its bill, and another one can be made.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="zero_burden")
    number = models.CharField(_("decision number"), max_length=40, unique=True)
    status = models.CharField(
        max_length=8, choices=DecisionStatus.choices, default=DecisionStatus.PROPOSED
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, db_index=True)
    relieved_fen = models.BigIntegerField(_("relieved"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = ZeroBurdenQuerySet.as_manager()

    class Meta:
        verbose_name = _("zero-burden decision")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=~models.Q(status=DecisionStatus.REVOKED),
                name="projects_zeroburden_one_alive",
            ),
            models.CheckConstraint(
                condition=models.Q(relieved_fen__gt=0), name="projects_zeroburden_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(status=DecisionStatus.PROPOSED, decided_at__isnull=True)
                | (
                    models.Q(status=DecisionStatus.IN_FORCE, decided_at__isnull=False)
                    & models.Q(revoked_at__isnull=True)
                )
                | models.Q(status=DecisionStatus.REVOKED, revoked_at__isnull=False),
                name="projects_zeroburden_dates_fit",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OfDecision(Through["ProjectFee"]):
    """Rows of a bill; seen with the decision."""

    through = "decision"


class ProjectFee(models.Model):
    """One line of a decision's bill, in 分: the fee as it was named then, and who bears it."""

    decision = models.ForeignKey(ZeroBurdenDecision, on_delete=models.CASCADE, related_name="fees")
    fee = models.ForeignKey(FeeItemVersion, on_delete=models.PROTECT, related_name="lines")
    amount_fen = models.BigIntegerField(_("amount"))
    mode = models.CharField(_("borne"), max_length=10, choices=FeeMode.choices)

    objects = OfDecision.as_manager()

    class Meta:
        verbose_name = _("project fee")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="projects_fee_positive"
            ),
            models.UniqueConstraint(fields=["decision", "fee"], name="projects_fee_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fee}: {self.amount_fen}"

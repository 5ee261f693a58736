"""零负担: what a project would have paid, and who bears it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.records.models import Attributable
from projects.enums import FeeMode
from projects.models.projects import OfProjectQuerySet, Project


class ProjectFee(models.Model):
    """One fee of one project in 分, with how the project is relieved of it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="fees")
    name = models.CharField(_("fee"), max_length=80)
    payee = models.ForeignKey("crm.Department", on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField(_("amount"))
    mode = models.CharField(_("borne"), max_length=10, choices=FeeMode.choices)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project fee")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount_fen__gt=0), name="projects_fee_positive"
            ),
            models.UniqueConstraint(fields=["project", "name"], name="projects_fee_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ZeroBurdenDecision(Attributable):
    """The decision that a project bears no approval fees; one at most is in force."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="zero_burden")
    number = models.CharField(_("decision number"), max_length=40, unique=True)
    decided_at = models.DateTimeField(_("decided at"), db_index=True)
    relieved_fen = models.BigIntegerField(_("relieved"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("zero-burden decision")
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(revoked_at=None),
                name="projects_zeroburden_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(relieved_fen__gte=0), name="projects_zeroburden_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.number

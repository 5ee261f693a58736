"""Two records of one enterprise, brought together and, if that was wrong, taken apart again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.records.models import Attributable
from crm.enums import RegistrationStatus
from crm.models.enterprises import Enterprise, OfEnterprise


class EnterpriseMerge(Attributable):
    """What moved from the duplicate to the record that stays; enough to undo it.

    A merge is dated by `created_at` and `undone_at`: figures and snapshots of a moment count
    through the merges of that moment. Facts (`stays_when_merged`) never move.

    `moved` maps "app.model.field" to the keys of the rows that were moved.
    """

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="merges", verbose_name=_("stays")
    )
    duplicate = models.ForeignKey(
        Enterprise, on_delete=models.PROTECT, related_name="+", verbose_name=_("duplicate")
    )
    reason = models.CharField(_("reason"), max_length=200)
    moved = models.JSONField(default=dict)
    demoted_contact_id = models.BigIntegerField(null=True)
    former_name_id = models.BigIntegerField(null=True)
    status_before = models.CharField(max_length=12, choices=RegistrationStatus.choices)
    created_at = models.DateTimeField(_("merged at"))
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = _("merge of enterprises")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=models.Q(undone_at=None),
                name="crm_merge_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(enterprise=models.F("duplicate")), name="crm_merge_of_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} → {self.enterprise}"

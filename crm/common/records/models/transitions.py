"""The log of every state change, whatever the record."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Transition(models.Model):
    """One move of one record: who, when, from where to where, why, with what evidence.

    `at` is when the move took effect; `captured_at` is when it was recorded on a device that
    was offline, where that differs. Rows are never changed.
    """

    machine = models.CharField(max_length=60)
    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    move = models.CharField(_("move"), max_length=40)
    from_state = models.CharField(_("from"), max_length=40)
    to_state = models.CharField(_("to"), max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=80)
    at = models.DateTimeField(_("at"))
    captured_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    evidence = models.ManyToManyField("common.StoredFile", related_name="+")

    class Meta:
        verbose_name = _("transition")
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "at"]),
            models.Index(fields=["machine", "to_state", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.machine} {self.from_state} → {self.to_state}"

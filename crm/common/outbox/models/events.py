"""Events, and one receipt for every subscriber of each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.outbox.models.claims import ClaimedWork


class DomainEvent(models.Model):
    """Something that happened, for rooms above to react to after commit."""

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("event")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}#{self.pk}"


class EventReceipt(ClaimedWork):
    """What one subscriber owes one event; another's failure does not stop it."""

    event = models.ForeignKey(DomainEvent, on_delete=models.CASCADE, related_name="receipts")
    subscriber = models.CharField(max_length=160)

    class Meta(ClaimedWork.Meta):
        verbose_name = _("event receipt")
        constraints = [
            *ClaimedWork.Meta.constraints,
            models.UniqueConstraint(fields=["event", "subscriber"], name="common_receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}: {self.subscriber}"

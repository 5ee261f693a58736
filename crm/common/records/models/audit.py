"""The audit: append-only rows, chained by hash when they are sealed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditSheet(models.Model):
    """A sheet of audit rows; its lines are counted under a keyed hash while it is held.

    Two transactions that write at once write on two sheets. A line of a sheet is filled once
    its transaction commits, never out of order, so a line that is missing was taken away.
    """

    rows = models.PositiveIntegerField(default=0)
    count_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit sheet")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pk}: {self.rows}"


class AuditSeal(models.Model):
    """One sealed batch: its rows' hashes in order, closed by a keyed seal."""

    first_seq = models.BigIntegerField(unique=True)
    last_seq = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("audit seal")
        ordering = ["first_seq"]

    def __str__(self) -> str:
        return f"{self.first_seq}-{self.last_seq}"


class AuditEvent(models.Model):
    """One act, written in the transaction it describes; never changed, never deleted.

    Times are the machine's, not the business clock's. Personal data stands here only as a
    keyed hash (see `crm.common.records.audit`). The place in the chain (`seq`) and the hash
    over all rows before are filled once, by the sealer: ids commit out of order.
    """

    at = models.DateTimeField(_("at"), db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who"),
    )
    actor_name = models.CharField(max_length=80)
    verb = models.CharField(_("act"), max_length=80, db_index=True)
    target_type = models.CharField(max_length=80)
    target_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.TextField(blank=True)
    sheet = models.BigIntegerField()
    line = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    seq = models.BigIntegerField(null=True, unique=True)
    chain_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit event")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["target_type", "target_id"]),
            models.Index(fields=["id"], condition=models.Q(seq=None), name="auditevent_unsealed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "line"], name="common_auditevent_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type}#{self.target_id}"

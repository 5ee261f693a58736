"""Snapshots: the facts rules are judged on, frozen."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByStaff


class FeatureSnapshot(models.Model):
    """One wide table (Parquet) of all enterprises' features as of a day, known by its hash.

    `content_hash` is of what it says, `file_hash` of the file as it was written: the second is
    asked before anything is read from it. `engine` made it.
    """

    as_of = models.DateField(_("as of"), db_index=True)
    content_hash = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(_("enterprises"))
    columns = models.JSONField()
    engine = models.CharField(max_length=40)
    file_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made at"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = ReadByStaff.as_manager()

    class Meta:
        verbose_name = _("feature snapshot")
        ordering = ["-as_of", "-pk"]

    def __str__(self) -> str:
        return f"{self.as_of} {self.content_hash[:12]}"

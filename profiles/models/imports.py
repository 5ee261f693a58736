"""Imports: one batch per file, all of it or nothing."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet, Through
from crm.common.records.models import Versioned
from profiles.enums import BatchStatus, ReviewReason


class ImportBatchQuerySet(ScopedQuerySet["ImportBatch"]):
    """Imports with their original files: of the department that sent them."""

    def seen_by(self, actor: Actor) -> Self:
        """Return all to the auditor, to a handler those of the own department."""
        if actor.has(Role.AUDITOR):
            return self.all()
        return (
            self.filter(department__in=actor.department_ids)
            if actor.has(Role.HANDLER)
            else self.none()
        )


class ImportBatch(Versioned):
    """What one department handed over at one time; every value points back to it."""

    department = models.ForeignKey(
        "crm.Department", on_delete=models.PROTECT, related_name="batches"
    )
    name = models.CharField(_("file"), max_length=200)
    file = models.ForeignKey(
        "common.StoredFile", on_delete=models.PROTECT, null=True, related_name="+"
    )
    sha256 = models.CharField(max_length=64, db_index=True)
    status = models.CharField(
        max_length=12, choices=BatchStatus.choices, default=BatchStatus.IMPORTED
    )
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new values"), default=0)
    corrected = models.PositiveIntegerField(_("corrected values"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged values"), default=0)
    warnings = models.JSONField(default=list)
    # What was asked about the file, by the question's key.
    answers = models.JSONField(default=dict)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    rolled_back_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        ordering = ["-imported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "sha256"],
                condition=models.Q(status="imported"),
                name="profiles_batch_file_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status="imported", rolled_back_at__isnull=True)
                | models.Q(status="rolled_back", rolled_back_at__isnull=False),
                name="profiles_batch_rolled_back_at_iff",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfBatch(Through["UnknownEnterprise"]):
    """Rows to review; seen with the import."""

    through = "batch"


class UnknownEnterprise(models.Model):
    """A row that could not be tied to an enterprise: it waits for a person, nothing is created."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="unknown")
    row = models.PositiveIntegerField(_("row"))
    code = models.CharField(_("code as written"), max_length=60, blank=True)
    name = models.CharField(_("name as written"), max_length=120, blank=True)
    reason = models.CharField(max_length=12, choices=ReviewReason.choices)
    suggestion = models.ForeignKey(
        "crm.Enterprise", on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = OfBatch.as_manager()

    class Meta:
        verbose_name = _("row to review")
        ordering = ["batch", "row"]

    def __str__(self) -> str:
        return self.name or self.code

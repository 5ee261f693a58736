"""The register's own attributes as dated facts: what was known of an enterprise on a day."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.enums import RegisterAttribute
from crm.models.enterprises import Enterprise, StaysWithRecord


class RegisterEntry(models.Model):
    """One attribute of one enterprise from a day on; never changed, only followed by another.

    The columns of Enterprise are the newest entries. Areas and industries stand by their codes,
    days in ISO form; an empty value says that the attribute ended. `recorded_at` is when the
    register learnt it, so that a past day is told as it was known then.
    """

    stays_when_merged = True

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="entries")
    attribute = models.CharField(_("attribute"), max_length=20, choices=RegisterAttribute.choices)
    value = models.CharField(_("value"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    recorded_at = models.DateTimeField(_("recorded at"), db_index=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = StaysWithRecord["RegisterEntry"].as_manager()

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        ordering = ["enterprise", "attribute", "valid_from", "recorded_at", "pk"]
        indexes = [models.Index(fields=["enterprise", "attribute", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.attribute} {self.valid_from}"

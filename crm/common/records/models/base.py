"""Abstract columns that rooms build their records from."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TimeStamped(models.Model):
    """Business times of a record; services set them from the `at` they are given."""

    created_at = models.DateTimeField(_("created at"), db_index=True)
    updated_at = models.DateTimeField(_("updated at"))

    class Meta:
        abstract = True


class Attributable(models.Model):
    """Who entered a record; empty when the system did."""

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    class Meta:
        abstract = True


class Versioned(models.Model):
    """Optimistic lock: a form that was opened on an older version is refused, not lost."""

    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        abstract = True


class Searchable(models.Model):
    """Normalised text, pinyin and initials; filled by services through `search_columns`."""

    search_text = models.TextField(default="", blank=True, editable=False)
    pinyin = models.TextField(default="", blank=True, editable=False)
    initials = models.TextField(default="", blank=True, editable=False)

    class Meta:
        abstract = True

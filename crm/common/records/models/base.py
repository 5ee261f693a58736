"""Abstract columns that rooms build their records from."""

from datetime import date
from typing import Self, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

D = TypeVar("D", bound=models.Model)


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


class DatedVersionQuerySet(models.QuerySet[D]):
    """Versions of catalogue entries; they are always asked for a day."""

    def in_force(self, on: date) -> Self:
        """Return the versions in force on a day."""
        return self.filter(
            models.Q(effective_to=None) | models.Q(effective_to__gte=on), effective_from__lte=on
        )


class DatedVersion(models.Model):
    """What a catalogue entry says from a day to a day; the entry itself is only an identity.

    Versions of one entry never overlap: the database refuses it (`db.operations.no_overlap`)
    and `records.dated.add_version` closes the one before. A case freezes the version it was
    promised under, so that changing a catalogue never moves a running clock.
    """

    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force to"), null=True, blank=True)

    class Meta:
        abstract = True


class Searchable(models.Model):
    """Normalised text, pinyin and initials; filled by services through `search_columns`."""

    search_text = models.TextField(default="", blank=True, editable=False)
    pinyin = models.TextField(default="", blank=True, editable=False)
    initials = models.TextField(default="", blank=True, editable=False)

    class Meta:
        abstract = True

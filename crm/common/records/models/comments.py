"""Comments on any record."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ScopedQuerySet
from crm.common.records.models.base import Attributable


class Comment(Attributable):
    """What a colleague noted on a record; seen by whoever sees the record.

    A comment is never edited: it is withdrawn, and its place stays.
    """

    target_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    text = models.TextField(_("note"))
    created_at = models.DateTimeField(_("noted at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = ScopedQuerySet["Comment"].as_manager()

    class Meta:
        verbose_name = _("comment")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="common_comment_has_text")
        ]
        indexes = [models.Index(fields=["target_type", "target_id", "created_at"])]

    def __str__(self) -> str:
        return self.text[:60]

"""Long pieces of work with their progress."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.outbox.models.claims import ClaimedWork
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet


class JobQuerySet(ScopedQuerySet["Job"]):
    """Jobs; each is seen by the one who started it, and by administrators."""

    def visible_to(self, actor: Actor) -> "JobQuerySet":
        """Return the actor's own jobs, or all for administrators."""
        if actor.has(Role.ADMIN):
            return self.all()
        return self.filter(started_by_id=actor.user_id) if actor.user_id else self.none()


class Job(ClaimedWork):
    """One run of one registered job; the page polls this row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True)
    result_url = models.CharField(max_length=300, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    cancel_asked_at = models.DateTimeField(null=True)
    always_tell = models.BooleanField(default=False)

    objects = JobQuerySet.as_manager()

    class Meta(ClaimedWork.Meta):
        verbose_name = _("job")
        ordering = ["-created_at"]
        constraints = [
            *ClaimedWork.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(percent__lte=100), name="common_job_percent_to_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"

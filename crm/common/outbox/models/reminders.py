"""Which reminders were sent."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReminderSent(models.Model):
    """One step of one kind of reminder about one record and one due day: never sent again.

    A due day that moves (an extension, a pause) begins its steps anew.
    """

    kind = models.CharField(max_length=80)
    target_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    target_id = models.CharField(max_length=40)
    due_on = models.DateField()
    step = models.SmallIntegerField()
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder sent")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_type", "target_id", "due_on", "step"],
                name="common_remindersent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}: {self.step}"

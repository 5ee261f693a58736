"""Local exceptions to the national list of days off."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.days.enums import DayKind


class WorkdayExceptionQuerySet(models.QuerySet["WorkdayException"]):
    """Exceptions; those withdrawn stay on record and count no longer."""

    def standing(self) -> "WorkdayExceptionQuerySet":
        """Return what was not withdrawn."""
        return self.filter(withdrawn_at=None)


class WorkdayException(models.Model):
    """A day on which the city works or rests against the national list, with the notice."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=4, choices=DayKind.choices)
    reason = models.CharField(_("notice"), max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_why = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    objects = WorkdayExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar exception")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                condition=models.Q(withdrawn_at=None),
                name="common_workdayexception_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_why="")
                | (models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_why="")),
                name="common_workdayexception_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"

"""People who sign in, and the roles they hold."""

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet


class User(AbstractUser):
    """A person with an account; what the person belongs to is said by tables of the rooms."""

    PERSONAL_FIELDS = ("username", "display_name", "email", "phone")

    display_name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    shortcuts_on = models.BooleanField(_("single-letter shortcuts"), default=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    second_step_due = models.BooleanField(_("must have a second step"), default=False)

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """One role held by one person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], name="common_rolegrant_once")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class AbsenceQuerySet(ScopedQuerySet["Absence"]):
    """Absences: seen by all of the staff, who must know whom to ask."""

    def seen_by(self, actor: Actor) -> Self:
        """Return all rows to staff, none to others."""
        return self.all() if actor.is_staff else self.none()

    def on(self, day: date) -> Self:
        """Return the absences of a day; one that was ended early no longer counts."""
        return self.filter(since__lte=day, until__gte=day, ended_at=None)


class Absence(models.Model):
    """Days on which a person is away and a deputy hears and sees what is theirs.

    It ends by itself with its last day; `ended_at` says that somebody ended it before.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="absences", verbose_name=_("absent")
    )
    deputy = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="stands_in", verbose_name=_("deputy")
    )
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=80)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")),
                name="common_absence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("deputy")), name="common_absence_other_deputy"
            ),
        ]
        indexes = [models.Index(fields=["deputy", "until"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.since} – {self.until}"

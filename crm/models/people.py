"""Staff of the city, contacts of enterprises, and who signs in for which enterprise."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ReadByStaff, ScopedQuerySet
from crm.common.records.models import TimeStamped, Versioned
from crm.enums import MembershipRole, RevealPurpose
from crm.models.enterprises import Enterprise, OfEnterprise


class StaffProfile(models.Model):
    """Where a member of staff works and which areas are theirs."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff_profile"
    )
    department = models.ForeignKey("crm.Department", on_delete=models.PROTECT, related_name="staff")
    title = models.CharField(_("title"), max_length=40, blank=True)
    areas = models.ManyToManyField("crm.Area", blank=True, related_name="staff")

    objects = ReadByStaff["StaffProfile"].as_manager()

    class Meta:
        verbose_name = _("member of staff")

    def __str__(self) -> str:
        return f"{self.user} ({self.department})"


class Contact(TimeStamped, Versioned):
    """A person to call at an enterprise; the number is shown masked until it is asked for."""

    PERSONAL_FIELDS = ("name", "phone", "email")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=40)
    title = models.CharField(_("position"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("mail"), blank=True)
    is_primary = models.BooleanField(_("first to call"), default=False)

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = _("contact")
        ordering = ["-is_primary", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(is_primary=True),
                name="crm_contact_one_primary",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PhoneRevealQuerySet(ScopedQuerySet["PhoneReveal"]):
    """Looks at numbers: one's own, and all for auditors."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the looks open to the actor."""
        return self.all() if actor.has(Role.AUDITOR) else self.filter(user_id=actor.user_id or 0)


class PhoneReveal(models.Model):
    """One look at a full phone number: who, when, what for (个人信息保护法 art. 6)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="reveals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revealed_at = models.DateTimeField(_("looked at"))
    purpose = models.CharField(_("purpose"), max_length=10, choices=RevealPurpose.choices)
    case_number = models.CharField(_("case number"), max_length=40, blank=True)

    objects = PhoneRevealQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a number")
        ordering = ["-revealed_at", "-pk"]
        indexes = [models.Index(fields=["user", "revealed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose=RevealPurpose.AUDIT) | ~models.Q(case_number=""),
                name="crm_phonereveal_audit_names_its_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.user_id}"


class MembershipQuerySet(OfEnterprise["Membership"]):
    """Who signs in for whom: seen by whoever works with the enterprise, and the administrator."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the memberships open to the actor."""
        return self.all() if actor.has(Role.ADMIN) else super().seen_by(actor)


class Membership(models.Model):
    """A user who acts for an enterprise on the portal."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "user"], name="crm_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise}"

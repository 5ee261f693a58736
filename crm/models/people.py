"""Staff of the city, contacts of enterprises, and who signs in for which enterprise."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByStaff
from crm.common.records.models import TimeStamped
from crm.enums import MembershipRole
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


class Contact(TimeStamped):
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


class Membership(models.Model):
    """A user who acts for an enterprise on the portal."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=MembershipRole.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfEnterprise.as_manager()

    class Meta:
        verbose_name = _("membership")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "user"], name="crm_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise}"

"""People who sign in, and the roles they hold."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import Role


class User(AbstractUser):
    """A person with an account; what the person belongs to is said by tables of the rooms."""

    PERSONAL_FIELDS = ("username", "display_name", "email", "phone")

    display_name = models.CharField(_("name"), max_length=40)
    phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    shortcuts_on = models.BooleanField(_("single-letter shortcuts"), default=True)

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

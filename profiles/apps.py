"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    """Indicators, observations, imports, labels, snapshots and rules."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "profiles"
    label = "profiles"
    verbose_name = _("Profiles")

"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    """Problems and needs, sweeps, meetings, close-out."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "issues"
    label = "issues"
    verbose_name = _("Issues")

"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    """Investment projects, approvals, teams, the one list, fees."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "projects"
    label = "projects"
    verbose_name = _("Projects")

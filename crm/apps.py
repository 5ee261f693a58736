"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    """Departments, areas, industries, enterprises, contacts, memberships, visits."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "crm"
    label = "crm"
    verbose_name = _("Enterprises and contacts")

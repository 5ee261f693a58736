"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Pages, bulletins, home screens, search."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "cms"
    label = "cms"
    verbose_name = _("Publishing")

"""Django's handle on this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyMatchConfig(AppConfig):
    """Policies, clauses, matches, grants, pushes."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "policy_match"
    label = "policy_match"
    verbose_name = _("Policy matching")

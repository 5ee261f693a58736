"""Django's handle on the ground floor, and the discovery of what the rooms register."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import Role

# Files with a fixed name by which a room above fills the slots of this floor.
REGISTRY_FILES = (
    "notifications",
    "reminders",
    "grounds",
    "handover",
    "reference",
    "clocks",
    "catalogues",
    "panels",
    "navigation",
    "today",
    "figures",
    "search",
    "features",
    "subscribers",
    "tasks",
    "tables",
)


class CommonConfig(AppConfig):
    """Users, scoping, audit, transitions, calendar, outbox, jobs, files, search."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "crm.common"
    label = "common"
    verbose_name = _("Ground floor")

    def ready(self) -> None:
        """Load every room's registry files once all models exist."""
        for name in REGISTRY_FILES:
            autodiscover_modules(name)
        _check_roles(settings.ANSHANG_TWO_STEP_ROLES)


def _check_roles(named: list[str]) -> None:
    """Raise ImproperlyConfigured when a role is named that there is not."""
    if unknown := sorted(set(named) - set(Role.values)):
        raise ImproperlyConfigured(
            f"ANSHANG_TWO_STEP_ROLES names {', '.join(unknown)}, which is no role: "
            f"write some of {', '.join(Role.values)}."
        )

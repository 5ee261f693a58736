"""Django's handle on the ground floor, and the discovery of what the rooms register."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

# Files with a fixed name by which a room above fills the slots of this floor.
REGISTRY_FILES = (
    "notifications",
    "reminders",
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

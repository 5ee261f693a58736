"""manage.py seed_demo: make the demo city."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cms.demo.run import Wanted, is_there, run
from crm.models import Enterprise


class Command(BaseCommand):
    """Fictitious enterprises and people, as of 12 September 2024."""

    help = "Make the demo city; does nothing when it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the size."""
        parser.add_argument("--enterprises", type=int, default=1296)
        parser.add_argument("--projects", type=int, default=283)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the city unless it, or a real one, stands."""
        if is_there():
            self.stdout.write(_("The demo city is there."))
            return
        if settings.PRODUCTION or Enterprise.objects.exists():
            raise CommandError(
                _("This database holds real data: the demo city goes into an empty one only.")
            )
        wanted = Wanted(options["enterprises"], options["projects"], options["seed"])
        run(wanted, self.stdout.write)

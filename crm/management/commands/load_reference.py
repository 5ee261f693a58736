"""manage.py load_reference: the trees and catalogues a city begins with, of every room."""

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.common.days.clock import today
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.services import load_catalogues


class Command(BaseCommand):
    """Load or refresh the reference data of every room."""

    help = (
        "Load departments, areas, industries, approval matters, team slots, fees, categories, "
        "limits and indicators; safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the day from which changed entries are in force."""
        parser.add_argument(
            "--from",
            dest="day",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="first day of what has changed since the last time; tomorrow without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many."""
        day = options["day"] or today() + timedelta(days=1)
        try:
            counts = load_catalogues(actor=system_actor("load_reference"), day=day)
        except UserFacingError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))

"""manage.py load_reference: departments, areas, industries."""

from typing import Any

from django.core.management.base import BaseCommand

from crm.services import load_reference


class Command(BaseCommand):
    """Load or refresh the reference trees."""

    help = "Load departments, areas and industries; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many."""
        counts = load_reference()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))

"""manage.py check_demo: would somebody of the trade believe this city?"""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.demo.checking import CHECKS, SHOWN, by_month, months, problems


class Command(BaseCommand):
    """Look at the city as somebody of the trade would; exit 1 when something is wrong."""

    help = "Check that the demo city can be believed; exit 1 with sentences where it cannot."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the forms."""
        parser.add_argument("--json", action="store_true", help="everything found, as JSON")
        parser.add_argument("--months", action="store_true", help="print the table of months too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, print, say by the exit code how it went."""
        found = problems()
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._tell(found)
        if options["months"]:
            self._months()
        if found:
            sys.exit(1)

    def _tell(self, found: dict[str, list[str]]) -> None:
        for check in CHECKS:
            lines = found.get(check.key, [])
            self.stdout.write(f"{check.key:<12} {check.words}: {len(lines) or 'ok'}")
            for line in lines[:SHOWN]:
                self.stdout.write(f"    {line}")

    def _months(self) -> None:
        counts = by_month()
        self.stdout.write("month    " + "".join(f"{noun:>14}" for noun in counts))
        for month in months():
            numbers = "".join(f"{count[month]:>14}" for count in counts.values())
            self.stdout.write(f"{month:%Y-%m}  {numbers}")

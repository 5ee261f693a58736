"""manage.py build_snapshot --as-of DATE: freeze the features rules are judged on."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from crm.common.days.clock import now
from crm.common.people.actor import system_actor
from profiles.services import build_snapshot


class Command(BaseCommand):
    """Build (or find) the snapshot of a day."""

    help = "Freeze all features of all enterprises as of a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the day."""
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build and say where it is."""
        row = build_snapshot(actor=system_actor("build_snapshot"), as_of=options["as_of"], at=now())
        told = {
            "as_of": str(row.as_of),
            "hash": row.content_hash,
            "enterprises": row.rows,
            "features": len(row.columns),
            "path": row.path,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(
                _("%(enterprises)s enterprises, %(features)s features, %(hash)s") % told
            )

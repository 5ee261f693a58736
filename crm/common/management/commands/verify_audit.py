"""manage.py verify_audit: recompute the audit chain and name the first broken row."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.records import audit


class Command(BaseCommand):
    """Prove that no row of the audit was changed, removed or slipped in."""

    help = "Recompute the audit chain; exits non-zero and names the first broken row."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal what is open, verify all, report."""
        while audit.seal():
            pass
        report = audit.verify()
        if options["json"]:
            self.stdout.write(
                json.dumps({**asdict(report), "sound": report.is_sound}, ensure_ascii=False)
            )
        elif report.is_sound:
            self.stdout.write(
                _("%(rows)s rows, all as written. Head: %(head)s")
                % {"rows": report.rows, "head": report.head}
            )
        if not report.is_sound:
            raise CommandError(_("The audit is broken: %s.") % report.problem)

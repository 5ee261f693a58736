"""manage.py match --as-of DATE: judge every enterprise by the rules in force."""

import json
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.days.clock import now
from crm.common.people.actor import system_actor
from policy_match.selectors import in_force
from policy_match.services import run_match
from profiles.services import build_snapshot


class Command(BaseCommand):
    """Build the day's snapshot and run the match."""

    help = "Judge all enterprises by the clauses in force."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the day and the clauses."""
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--clause", nargs="+", metavar="CODE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and report the counts."""
        versions = list(in_force(options["as_of"]))
        if wanted := options["clause"]:
            versions = [row for row in versions if row.clause.code in wanted]
            if lost := sorted(set(wanted) - {row.clause.code for row in versions}):
                raise CommandError(_("No clause in force is called %s.") % ", ".join(lost))
        actor, at = system_actor("match"), now()
        snapshot = build_snapshot(actor=actor, as_of=options["as_of"], at=at)
        run = run_match(actor=actor, snapshot=snapshot, at=at, versions=versions)
        told = {
            "run": run.pk,
            "snapshot": snapshot.content_hash,
            "engine": run.engine,
            "judged": run.judged,
            "clauses": run.counts,
            "set_aside": run.set_aside,
        }
        text = json.dumps(told, ensure_ascii=False)
        self.stdout.write(text if options["json"] else f"{run.pk}: {run.counts}")

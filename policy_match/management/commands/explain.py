"""manage.py explain --clause CODE --enterprise USCC --as-of DATE: why, condition by condition."""

import json
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.days.clock import now
from crm.common.people.actor import system_actor
from crm.models import Enterprise
from crm.rules import clean_uscc
from policy_match.selectors import explain, in_force
from profiles.services import build_snapshot


class Command(BaseCommand):
    """Explain one verdict in Chinese."""

    help = "Say why an enterprise is eligible for a clause, or why not."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare clause, enterprise and day."""
        parser.add_argument("--clause", required=True)
        parser.add_argument("--enterprise", required=True, metavar="USCC")
        parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Judge and tell."""
        version = in_force(options["as_of"]).filter(clause__code=options["clause"]).first()
        if version is None:
            raise CommandError(_("No clause in force is called %s.") % options["clause"])
        code = clean_uscc(options["enterprise"])
        enterprise = Enterprise.objects.filter(uscc=code).first()
        if enterprise is None:
            raise CommandError(_("No enterprise has the code %s.") % code)
        actor = system_actor("explain")
        snapshot = build_snapshot(actor=actor, as_of=options["as_of"], at=now())
        told = explain(version, enterprise.pk, snapshot, actor=actor)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(told), ensure_ascii=False))
            return
        self.stdout.write(told.lead)
        for row in told.reasons:
            self.stdout.write(
                f"  {row.condition}：{row.having}；{row.wanted}（{row.source} {row.on}）{row.state}"
            )

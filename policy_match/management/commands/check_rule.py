"""manage.py check_rule FILE.json: is the rule well formed, and what does it say?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.days.clock import today
from policy_match.selectors import features_of
from profiles import features
from profiles.rules import RuleError, parse, sentence


class Command(BaseCommand):
    """Check a rule's form, features and units; print its sentence."""

    help = "Check a rule file and read it back as a sentence."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and read back."""
        try:
            rule = json.loads(options["file"].read_text("utf-8"))
            node = parse(rule, catalogue=features.types(today()))
        except OSError:
            text = _("There is no file %(path)s.") % {"path": options["file"]}
            raise CommandError(text) from None
        except json.JSONDecodeError as problem:
            text = _("The file is not JSON: line %(line)s, column %(column)s.")
            raise CommandError(text % {"line": problem.lineno, "column": problem.colno}) from None
        except RuleError as problem:
            raise CommandError(str(problem)) from None
        words = sentence(node, features.names(today()))
        told = {"ok": True, "features": sorted(features_of(node)), "sentence_zh": words}
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else words)

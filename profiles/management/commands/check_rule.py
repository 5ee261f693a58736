"""manage.py check_rule FILE.json: is the rule well formed, and what does it say?"""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.days.clock import today
from profiles import features
from profiles.rules import RuleError, events_of, features_of, leaves_of, parse, schema, sentence


class Command(BaseCommand):
    """Check a rule's form, features and units; print its sentence."""

    help = "Check a rule file and read it back as a sentence."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--schema", action="store_true", help="Print the JSON Schema of rules.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and read back; with --json every problem with its place."""
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1))
            return
        language = features.language(today())
        raw = _read(options["file"])
        try:
            rule = parse(raw, catalogue=language)
        except RuleError as error:
            if options["json"]:
                problems = [{"place": one.place, "text": one.text} for one in error.problems]
                answer = {"ok": False, "problems": problems}
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
            raise CommandError(str(error)) from None
        words = sentence(rule, language)
        if not options["json"]:
            self.stdout.write(words)
            return
        told = {
            "ok": True,
            "problems": [],
            "features": sorted(features_of(rule)),
            "events": sorted(events_of(rule)),
            "conditions": len(leaves_of(rule.when)),
            "sentence_zh": words,
            "sentence_en": sentence(rule, language, "en"),
        }
        self.stdout.write(json.dumps(told, ensure_ascii=False))


def _read(path: Path | None) -> Any:
    if path is None:
        raise CommandError(_("Name the file of the rule."))
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        raise CommandError(_("There is no file %(path)s.") % {"path": path}) from None
    except json.JSONDecodeError as problem:
        text = _("The file is not JSON: line %(line)s, column %(column)s.")
        raise CommandError(text % {"line": problem.lineno, "column": problem.colno}) from None
    except RecursionError:
        raise CommandError(_("The file is nested too deeply.")) from None

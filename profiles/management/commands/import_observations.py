"""manage.py import_observations FILE --department NAME: import one department's table."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.days.clock import now
from crm.common.errors import UserFacingError
from crm.common.people.actor import system_actor
from crm.selectors import department_called
from profiles.services import ImportAsks, ImportRefused, ImportReport, import_table
from profiles.services.tables.periods import Span, find_span


class Command(BaseCommand):
    """Import a table as departments send it; all of it or nothing."""

    help = "Import one XLSX, XLS or CSV table of a department."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the file and how it is to be read."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--department", required=True, help="name, short name or alias")
        parser.add_argument("--period", help="YYYY-MM, where the file does not say it")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KEY=CHOICE",
            help="the answer to a question of an earlier run; once for each",
        )
        parser.add_argument("--dry-run", action="store_true", help="check only, store nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and report."""
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path})
        try:
            report = import_table(
                actor=system_actor("import_observations"),
                department=department_called(options["department"]),
                name=path.name,
                content=path.read_bytes(),
                at=now(),
                period=_span(options["period"]),
                answers=dict(_answer(text) for text in options["answer"]),
                dry_run=options["dry_run"],
            )
        except ImportRefused as refused:
            self._tell(refused.report, as_json=options["json"])
            raise CommandError(str(refused)) from None
        except UserFacingError as problem:
            raise CommandError(str(problem)) from None
        self._tell(report, as_json=options["json"])
        if report.problems:
            raise CommandError(str(ImportRefused(report)))
        if report.questions:
            raise CommandError(str(ImportAsks(report)))

    def _tell(self, report: ImportReport, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        if report.already_imported:
            self.stdout.write(_("This very file is imported already; nothing was changed."))
            return
        self.stdout.write(
            _(
                "%(file)s: %(rows)s rows, %(values)s values; new %(created)s, corrected "
                "%(corrected)s, unchanged %(unchanged)s; to review %(review)s, "
                "warnings %(warnings)s."
            )
            % {
                **asdict(report),
                "review": len(report.review),
                "warnings": len(report.warnings),
            }
        )
        for row in report.review:
            self.stdout.write(f"  {row.row}: {row.code} {row.name} ({row.reason})")


def _answer(text: str) -> tuple[str, str]:
    key, mark, choice = text.partition("=")
    if not (key and mark and choice):
        raise CommandError(_("--answer is written KEY=CHOICE, not %(text)s.") % {"text": text})
    return key, choice


def _span(text: str | None) -> Span | None:
    if not text:
        return None
    span = find_span(text.replace("-", "年", 1) + "月")
    if span is None:
        raise CommandError(_("--period is written 2024-08, not %(text)s.") % {"text": text})
    return span

"""manage.py bulletin YYYY-MM: the figures of a month."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cms.selectors import as_json, bulletin_for, parse_month
from crm.common.days.clock import today
from crm.common.errors import UserFacingError


class Command(BaseCommand):
    """Count a month's bulletin from the rows; nothing is written down beforehand."""

    help = "Print the bulletin of a month as JSON or HTML."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the month and the form."""
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--format", choices=("json", "html"), default="json")
        parser.add_argument("--output", type=Path, help="file to write instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, render, write."""
        try:
            month = parse_month(options["month"], today=today())
        except UserFacingError as problem:
            raise CommandError(str(problem)) from None
        bulletin = bulletin_for(month)
        if options["format"] == "json":
            text = json.dumps(as_json(bulletin), ensure_ascii=False)
        else:
            context = {"bulletin": bulletin, "f": bulletin.by_key, "month_key": options["month"]}
            text = render_to_string("cms/bulletin_print.html", context)
        output: Path | None = options["output"]
        if output is None:
            self.stdout.write(text)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise CommandError(
                _("%(path)s could not be written: %(why)s.")
                % {"path": output, "why": problem.strerror}
            ) from None

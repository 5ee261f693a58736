"""manage.py bulletin YYYY-MM: the figures of a month."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from cms.selectors.bulletins import Bulletin, as_json, bulletin_document, bulletin_for, parse_month
from crm.common.days.clock import today
from crm.common.errors import UserFacingError
from crm.common.face.documents import to_docx, to_pdf

FILES = {"pdf": to_pdf, "docx": to_docx}


class Command(BaseCommand):
    """Count a month's bulletin from the rows; nothing is written down beforehand."""

    help = "Print the bulletin of a month as JSON or HTML, or write it as PDF or DOCX."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the month and the form."""
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--format", choices=("json", "html", "pdf", "docx"), default="json")
        parser.add_argument("--output", type=Path, help="file to write instead of the screen")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, render, write."""
        try:
            month = parse_month(options["month"], today=today())
        except UserFacingError as problem:
            raise CommandError(str(problem)) from None
        content = self._drawn(bulletin_for(month), options["format"], options["month"])
        output: Path | None = options["output"]
        if output is None and options["format"] in FILES:
            raise CommandError(_("Say where to write the file: --output bulletin.pdf"))
        if output is None:
            self.stdout.write(content.decode())
            return
        try:
            output.write_bytes(content)
        except OSError as problem:
            raise CommandError(
                _("%(path)s could not be written: %(why)s.")
                % {"path": output, "why": problem.strerror}
            ) from None

    def _drawn(self, bulletin: Bulletin, form: str, month: str) -> bytes:
        if form in FILES:
            return FILES[form](bulletin_document(bulletin))
        if form == "json":
            return json.dumps(as_json(bulletin), ensure_ascii=False).encode()
        context = {"bulletin": bulletin, "f": bulletin.by_key, "month_key": month}
        return render_to_string("cms/bulletin_print.html", context).encode()

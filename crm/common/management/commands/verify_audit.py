"""manage.py verify_audit: recompute the audit chain and name the first broken row."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crm.common.records import chain


class Command(BaseCommand):
    """Prove that no row of the audit was changed, removed or slipped in."""

    help = (
        "Recompute the audit chain; exits non-zero and names the first broken row. "
        "A chain whose end was cut off is only told by a head that was kept elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what may be compared, and in which form it is told."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--head",
            nargs="?",
            const="",
            metavar="FILE",
            help="without FILE: print the head, to be kept elsewhere; with FILE: compare with it",
        )
        parser.add_argument(
            "--expect", metavar="PLACE:HASH", help="compare with a head as the bulletin prints it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify as it stands; only then seal what is open."""
        report = chain.verify(self._expected(options))
        if report.is_sound and chain.seal_all():
            report = chain.verify()
        if not report.is_sound:
            if options["json"]:
                self._print(report)
            raise CommandError(_("The audit is broken: %s.") % report.problem)
        if options["head"] == "":
            self._print_head()
        elif options["json"]:
            self._print(report)
        else:
            self.stdout.write(
                _("%(rows)s rows, all as written. Head: %(head)s")
                % {"rows": report.rows, "head": report.head}
            )

    def _expected(self, options: dict[str, Any]) -> chain.Head | None:
        if options["head"]:
            return _head_of_file(Path(options["head"]))
        return _head_of_words(options["expect"]) if options["expect"] else None

    def _print(self, report: chain.VerifyReport) -> None:
        told = {**asdict(report), "sound": report.is_sound}
        self.stdout.write(json.dumps(told, ensure_ascii=False))

    def _print_head(self) -> None:
        head = chain.current_head()
        if head is None:
            raise CommandError(_("Nothing was sealed yet: there is no head."))
        at = head.time.isoformat() if head.time else None
        told = {"seq": head.seq, "hash": head.hash, "time": at, "seal": head.seal}
        self.stdout.write(json.dumps(told))


def _head_of_file(path: Path) -> chain.Head:
    """Read a head that was exported; raises CommandError when the file holds none."""
    try:
        told = json.loads(path.read_text("utf-8"))
        return _head(told["seq"], told["hash"])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise CommandError(
            _("%(path)s holds no head (verify_audit --head writes one): %(problem)s")
            % {"path": path, "problem": problem}
        ) from None


def _head_of_words(text: str) -> chain.Head:
    """Read a head as the bulletin prints it; raises CommandError when it is none."""
    seq, _colon, digest = text.partition(":")
    try:
        return _head(seq, digest)
    except ValueError:
        raise CommandError(
            _("“%(text)s” is no head: write the place, a colon and at least %(least)s digits.")
            % {"text": text, "least": chain.SHORTEST_HASH}
        ) from None


def _head(seq: object, digest: object) -> chain.Head:
    text = str(digest).strip().lower()
    if len(text) < chain.SHORTEST_HASH or not set(text) <= set("0123456789abcdef"):
        raise ValueError(_("the hash is too short or no hash"))
    return chain.Head(seq=int(str(seq)), hash=text)

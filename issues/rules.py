"""Rules of the issues room: capture times, titles, numbers, what a move still lacks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.common.records.transitions import Missing

# A draft may wait this long on a phone; what claims to be older has a wrong clock.
CAPTURE_MAX_AGE = timedelta(days=7)
TITLE_LENGTH = 40
# The same enterprise and category within this time is the old issue again, not a new one.
REOPENS_WITHIN = timedelta(days=90)
_CLAUSE_END = re.compile(r"[。！？；\n!?;]")


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days to the first contact, the answer, the solution and the enterprise's word."""

    version_id: int
    contact: int
    answer: int
    solve: int
    confirm: int


def bounded_capture(captured: datetime | None, received: datetime) -> datetime:
    """Return the moment from which the clock counts.

    It is the capture time of the phone, but never after the receipt and never more than
    CAPTURE_MAX_AGE before it: a phone's clock may be wrong in both directions.
    """
    if captured is None:
        return received
    return max(min(captured, received), received - CAPTURE_MAX_AGE)


def short_title(words: str) -> str:
    """Return the first clause of what was said, cut to a line."""
    first = _CLAUSE_END.split(words.strip(), maxsplit=1)[0].strip() or words.strip()
    return first if len(first) <= TITLE_LENGTH else f"{first[: TITLE_LENGTH - 1]}…"


def numbered(prefix: str, year: int, sequence: int) -> str:
    """Return a record number such as WT-2024-0059."""
    return f"{prefix}-{year}-{sequence:04d}"


def missing_evidence(issue: Any) -> Iterator[Missing]:
    """Name the evidence while not every department has answered with some."""
    parts = issue.parts
    if not parts or any(row.answered_at is None for row in parts):
        yield Missing("evidence", _("Evidence"))


def missing_to_close(issue: Any) -> Iterator[Missing]:
    """Name what 销号 needs: evidence of every department and the enterprise's “solved”."""
    yield from missing_evidence(issue)
    said = issue.current.said
    if said is None or not said.is_solved:
        yield Missing("confirmed", _("Confirmed by the enterprise"))


def missing_to_close_silent(issue: Any) -> Iterator[Missing]:
    """Name what striking off an unconfirmed issue needs: evidence, and that it was asked."""
    yield from missing_evidence(issue)
    this = issue.current
    if this.asked_at is None:
        yield Missing("asked", _("The question to the enterprise"))
    if this.said is not None:
        yield Missing("silence", _("Silence: the enterprise has spoken"))


def missing_to_finish(sweep: Any) -> Iterator[Missing]:
    """Name the targets of a round that were neither visited nor excused."""
    left = sweep.targets.filter(visit=None, excused_at=None).count()
    if left:
        yield Missing("targets", _("%(n)d targets neither visited nor excused") % {"n": left})


def missing_matters(meeting: Any) -> Iterator[Missing]:
    """Name the agenda while nothing is on it."""
    if not meeting.items.exists():
        yield Missing("matters", _("A matter on the agenda"))


def missing_to_sign(meeting: Any) -> Iterator[Missing]:
    """Name the minutes while there are none."""
    if not meeting.minutes.strip():
        yield Missing("minutes", _("The minutes"))

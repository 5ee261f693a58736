"""Pure rules of the issues room: capture times, short titles, numbers."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

# A draft may wait this long on a phone; what claims to be older has a wrong clock.
CAPTURE_MAX_AGE = timedelta(days=7)
TITLE_LENGTH = 40
_CLAUSE_END = re.compile(r"[。！？；\n!?;]")


@dataclass(frozen=True, slots=True)
class Limits:
    """Working days to the first contact, the answer and the solution."""

    contact: int
    answer: int
    solve: int


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

"""What an import asks when a table leaves something open: data, with the answers so far."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from profiles.services.tables.layout import Table

LEAVE = "leave"


class Asks(StrEnum):
    """What a question is about."""

    SHEETS = "sheets"
    INDICATOR = "indicator"
    TWICE = "twice"
    OWNER = "owner"
    UNIT = "unit"
    PERCENT = "percent"
    PERIOD = "period"
    EARLIER = "earlier"
    NOTHING = "nothing"
    NAME = "name"
    HIDDEN = "hidden"


# What holds for next month's table of the same layout as well; a period never does.
REMEMBERED = frozenset(
    {Asks.SHEETS, Asks.INDICATOR, Asks.TWICE, Asks.OWNER, Asks.UNIT, Asks.EARLIER, Asks.NOTHING}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, where it stands, and what may be answered."""

    key: str
    kind: str
    sheet: str
    cell: str
    text: str
    choices: tuple[Choice, ...]


class Inquiry:
    """The questions of one import and the answers to them: given now, or remembered."""

    def __init__(self, given: Mapping[str, str], remembered: Mapping[str, str]) -> None:
        self.given, self.remembered = given, remembered
        self.open: dict[str, Question] = {}
        self.used: dict[str, str] = {}

    def ask(
        self,
        kind: Asks,
        subject: str,
        *,
        sheet: str,
        cell: str,
        text: str,
        choices: Iterable[tuple[str, str]],
    ) -> str | None:
        """Return the answer, or None after putting the question; each is put once."""
        key = f"{kind}:{hashlib.sha256(f'{sheet}|{subject}'.encode()).hexdigest()[:10]}"
        offered = tuple(Choice(one, shown) for one, shown in choices)
        answer = self.given.get(key)
        if answer is None and kind in REMEMBERED:
            answer = self.remembered.get(key)
        if answer in {choice.key for choice in offered}:
            self.used[key] = str(answer)
            return answer
        self.open.setdefault(key, Question(key, kind, sheet, cell, text, offered))
        return None

    @property
    def to_remember(self) -> dict[str, str]:
        """The answers that hold for the next table of this layout."""
        return {k: v for k, v in self.used.items() if k.partition(":")[0] in REMEMBERED}


def layout_of(tables: Iterable[Table]) -> str:
    """Return what is alike in a department's tables of every month: their heads, without digits."""
    heads = [re.sub(r"\d+", "#", column.header) for table in tables for column in table.columns]
    return hashlib.sha256("\n".join(heads).encode()).hexdigest()

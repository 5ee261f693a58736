"""大中小微 by the statistics office's table of 2017, and the floor of 四上 (规上, 限上) units.

The tables are dated facts (profiles/data): a day is judged by the rows in force on it.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
CLASSES = ("微型", "小型", "中型", "大型")
NOT_APPLICABLE = "不适用"
WAN = 10_000  # people, or 万元, in the ten-thousandths they are stored in

# GB/T 4754-2017: the first and the last division of each section.
_SECTIONS = {
    "A": (1, 5),
    "B": (6, 12),
    "C": (13, 43),
    "D": (44, 46),
    "E": (47, 50),
    "F": (51, 52),
    "G": (53, 60),
    "H": (61, 62),
    "I": (63, 65),
    "J": (66, 69),
    "K": (70, 70),
    "L": (71, 72),
    "M": (73, 75),
    "N": (76, 79),
    "O": (80, 82),
    "P": (83, 83),
    "Q": (84, 85),
    "R": (86, 90),
    "S": (91, 96),
    "T": (97, 97),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One row: the industries it is for, what is measured, the floors from the lowest up."""

    effective_from: date
    industries: tuple[str, ...]
    without: tuple[str, ...]
    measure: str
    floors: tuple[int, ...]

    def covers(self, industry: str) -> bool:
        """Say whether an industry code lies in one of its sections, divisions or groups."""
        return any(_under(industry, node) for node in self.industries) and not any(
            _under(industry, node) for node in self.without
        )


def _under(industry: str, node: str) -> bool:
    if not node.isalpha():
        return industry.startswith(node)
    first, last = _SECTIONS[node]
    return industry[:2].isdigit() and first <= int(industry[:2]) <= last


@cache
def _table(name: str) -> tuple[Limit, ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return tuple(
            Limit(
                date.fromisoformat(row["effective_from"]),
                tuple(row["industries"].split()),
                tuple(row["except"].split()),
                row.get("indicator", "revenue"),
                tuple(
                    int(row[key]) for key in ("small", "medium", "large", "revenue") if key in row
                ),
            )
            for row in csv.DictReader(lines)
        )


@lru_cache(maxsize=4096)
def _rows(name: str, industry: str, on: date) -> tuple[Limit, ...]:
    """Return the rows for an industry that are the newest in force on a day."""
    begun = [row for row in _table(name) if row.effective_from <= on]
    newest = max((row.effective_from for row in begun), default=None)
    return tuple(row for row in begun if row.effective_from == newest and row.covers(industry))


def size_class(industry: str, measured: Mapping[str, int | None], on: date) -> str | None:
    """Return the class of an enterprise, or that the table does not know its industry.

    `measured` are "staff" in people, "revenue" and "assets" in 万元, each in ten-thousandths.
    A class asks for all floors of its row, so the lowest measure decides; one below the lowest
    floor is 微型 whatever the others are. None where a measure that could lower it is missing.
    """
    rows = _rows("size_classes.csv", industry, on)
    if not industry:
        return None
    if not rows:
        return NOT_APPLICABLE
    reached = [
        None if number is None else sum(number >= floor * WAN for floor in row.floors)
        for row in rows
        for number in [measured.get(row.measure)]
    ]
    known = [one for one in reached if one is not None]
    if 0 in known or len(known) == len(reached):
        return CLASSES[min(known)]
    return None


def reaches_scale(industry: str, revenue: int | None, on: date) -> bool | None:
    """Say whether a year's revenue (万元, ten-thousandths) reaches the floor of its industry.

    None where the revenue is missing, or where no revenue decides: a builder is counted by its
    qualification, a developer of real estate by being at work.
    """
    rows = _rows("above_scale.csv", industry, on)
    if not rows or revenue is None:
        return None
    return revenue >= rows[0].floors[0] * WAN

"""Facts: what is known of one enterprise, each with its source and date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """One known value. Numbers are integers of a ten-thousandth of their unit.

    `value` is None when the element is missing, or `withheld` because it is confidential and
    the enterprise has not consented to its use; `on` is the last day of its period and
    `source` the department it comes from.
    """

    value: int | str | bool | date | None
    unit: str = ""
    source: str = ""
    on: date | None = None
    withheld: bool = False


Facts = Mapping[str, Fact]
MISSING = Fact(None)

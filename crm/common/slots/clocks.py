"""Running clocks: what each room counts working days for, so that a change of them is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class RunningClocks:
    """One kind of running limit. `due_days(day)` returns the days, from a day on, it is due."""

    key: str
    label: str | Promise
    order: int
    due_days: Callable[[date], list[date]]


_clocks: dict[str, RunningClocks] = {}


def register(clocks: RunningClocks) -> RunningClocks:
    """Declare a kind of running limit (in a room's clocks.py)."""
    _clocks[clocks.key] = clocks
    return clocks


def running() -> list[RunningClocks]:
    """Return every kind, in order."""
    return sorted(_clocks.values(), key=lambda one: one.order)

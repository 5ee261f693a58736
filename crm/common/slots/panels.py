"""Panels: a page below offers a slot, rooms above fill it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from crm.common.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel of a slot. `build` returns the template's context, or None to stay away.

    `column` is "main" or "side".
    """

    key: str
    order: int
    template: str
    build: Callable[[Actor, Any], dict[str, Any] | None]
    column: str = "main"


_slots: dict[str, dict[str, Panel]] = {}


def register(slot: str, panel: Panel) -> Panel:
    """Fill a slot (in a room's panels.py)."""
    _slots.setdefault(slot, {})[panel.key] = panel
    return panel


def panels_for(slot: str, column: str | None = None) -> list[Panel]:
    """Return the panels of a slot in their order."""
    found = sorted(_slots.get(slot, {}).values(), key=lambda panel: panel.order)
    return [panel for panel in found if column is None or panel.column == column]

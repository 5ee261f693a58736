"""Hand-over: what a person has in hand when leaving, room by room, and how it changes hands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from crm.common.people.actor import Actor
from crm.common.people.models import User


@dataclass(frozen=True, slots=True)
class Pile:
    """One kind of open work. `count` says how much of it a person has in hand.

    `move` gives all of it to somebody else and returns how many rows it moved; what the person
    did before stays under the old name.
    """

    key: str
    label: str | Promise
    order: int
    count: Callable[[User], int]
    move: Callable[[Actor, User, User, datetime], int]


_piles: dict[str, Pile] = {}


def register(pile: Pile) -> Pile:
    """Declare a kind of open work (in a room's handover.py)."""
    _piles[pile.key] = pile
    return pile


def piles() -> list[Pile]:
    """Return every kind of open work, in order."""
    return sorted(_piles.values(), key=lambda pile: pile.order)

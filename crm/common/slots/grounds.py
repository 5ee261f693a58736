"""Grounds: why somebody may see the papers of a record, beyond what its own room knows.

A room below offers a slot named after the record (`crm.enterprise`); a room above adds in its
`grounds.py` which rows the actor's work there opens: the enterprises of a team's projects, of
the issues assigned to a department, the indicators a clause rests on.
"""

from collections.abc import Callable
from typing import Any

from crm.common.people.actor import Actor

# The keys of the rows that an actor's work opens (a query of one column), or None.
Ground = Callable[[Actor], Any]

_grounds: dict[str, dict[str, Ground]] = {}


def register(slot: str, key: str, ground: Ground) -> Ground:
    """Add a ground to a slot (in a room's grounds.py)."""
    _grounds.setdefault(slot, {})[key] = ground
    return ground


def keys_opened(slot: str, actor: Actor) -> list[Any]:
    """Return the queries of keys that the actor's work opens in a slot."""
    found = [ground(actor) for ground in _grounds.get(slot, {}).values()]
    return [keys for keys in found if keys is not None]

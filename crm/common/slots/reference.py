"""Reference data: what each room loads into an empty city, and refreshes later."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Loader:
    """A room's catalogues. `load(day)` returns how many entries each has; it may be repeated.

    What is new begins with the catalogue; what has changed since gets a new version from the
    day, so that nothing of the past moves. Rooms are loaded in their `order`.
    """

    key: str
    order: int
    load: Callable[[date], dict[str, int]]


_loaders: dict[str, Loader] = {}


def register(loader: Loader) -> Loader:
    """Declare a room's catalogues (in its reference.py)."""
    _loaders[loader.key] = loader
    return loader


def loaders() -> list[Loader]:
    """Return all loaders in their order."""
    return sorted(_loaders.values(), key=lambda loader: loader.order)

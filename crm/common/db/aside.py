"""A connection beside the one that works: what it writes is seen while that one's transaction
is still open."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections

ASIDE = "aside"


@contextmanager
def connection_aside() -> Iterator[str]:
    """Yield the alias of a second connection, closed at the end.

    It is the first one's where a second could not write (SQLite has one writer at a time) or
    would not see what the first has not committed (within a transaction).
    """
    own = connections[DEFAULT_DB_ALIAS]
    if own.in_atomic_block or not own.features.has_select_for_update:
        yield DEFAULT_DB_ALIAS
        return
    beside = own.copy(ASIDE)
    connections[ASIDE] = beside
    try:
        yield ASIDE
    finally:
        beside.close()
        del connections[ASIDE]

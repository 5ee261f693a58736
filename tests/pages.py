"""The pages whose queries are counted.

A room registers its pages in `tests/<room>/pages.py`:

    @page("crm.enterprise_list")
    def enterprise_list(rows):
        for _ in range(rows):
            EnterpriseFactory()
        return UserFactory(roles=[Role.LEADER]), reverse("staff:crm:enterprise_list")

The function makes that many rows and returns who looks (None for the public) and the address.
It is called with few and with many rows: both must cost the same number of queries, and the
number must be the one in `tests/query_counts.json` (`make query-counts` writes it anew).

Where it matters in which area somebody works, a page has a second persona, from elsewhere:

    @page("crm.enterprise_list", outside=somebody_elsewhere)

It is counted and looked at as well, under `crm.enterprise_list@outside`.
"""

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

from tests.architecture.guards import LABELS

PAGES: dict[str, Callable] = {}


def page(key: str, *, outside: Callable | None = None) -> Callable:
    """Register a page under the name it has in query_counts.json; `outside` makes a stranger."""

    def keep(build: Callable) -> Callable:
        assert key not in PAGES, f"{key} is registered twice"
        PAGES[key] = build
        if outside is not None:
            PAGES[f"{key}@outside"] = lambda rows: (outside(), build(rows)[1])
        return build

    return keep


def all_pages() -> dict[str, Callable]:
    """Return the pages of every room."""
    for label in LABELS:
        if find_spec(f"tests.{label}") and find_spec(f"tests.{label}.pages"):
            import_module(f"tests.{label}.pages")
    return PAGES

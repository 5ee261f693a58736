"""The navigation: each room registers its own entries (in its panels.py).

An entry whose screen does not exist, or is closed to the actor, is not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import STAFF_ROLES, Role

SECTIONS: tuple[tuple[str, Any], ...] = (
    ("home", ""),
    ("projects", _("Projects")),
    ("policy", _("Enterprises and policies")),
    ("oversight", _("Oversight")),
    ("system", _("System")),
    ("foot", ""),
)
WAITING = _("waiting")
MIDDLE = 3


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the side navigation and, with `tab` from 1 to 5, of the phone's bottom bar.

    `match` holds prefixes of view names for which the entry is the current one, `shortcut` the
    key after G, `badge` counts what waits for the actor (0 shows nothing). Without `roles` all
    staff see the entry; those of the sections `portal` and `public` are seen by members of
    enterprises and by everybody.
    """

    key: str
    label: Any
    icon: str
    url_name: str
    section: str = "projects"
    order: int = 100
    roles: frozenset[Role] = frozenset()
    match: tuple[str, ...] = ()
    shortcut: str = ""
    badge: Callable[[Actor], int] | None = None
    badge_label: Any = WAITING
    tab: int = 0
    tab_label: Any = ""
    url_args: tuple[Any, ...] = ()

    @property
    def is_middle(self) -> bool:
        """Whether the entry is the raised one in the middle of the bottom bar."""
        return self.tab == MIDDLE


@dataclass(frozen=True, slots=True)
class NavLink:
    """An entry as one actor sees it on one page."""

    item: NavItem
    url: str
    current: bool
    count: int = 0

    @property
    def tab_text(self) -> Any:
        """The shorter word of the bottom bar."""
        return self.item.tab_label or self.item.label


@dataclass(frozen=True, slots=True)
class NavSection:
    """A group of links under one heading."""

    key: str
    label: Any
    links: list[NavLink] = field(default_factory=list)


_items: dict[str, NavItem] = {}
_landmarks: dict[str, str] = {"inbox": "inbox_list", "account": "preferences_edit"}
_landmark_roles: dict[str, frozenset[Role]] = {}


def register(item: NavItem) -> NavItem:
    """Add or replace an entry."""
    _items[item.key] = item
    return item


def set_landmark(name: str, url_name: str, roles: frozenset[Role] = STAFF_ROLES) -> None:
    """Name the screen behind a fixture of the shell, and whom it is offered.

    Fixtures: `quick_log` (the button, N), `search` (the search page), `search_suggest` (its
    htmx fragment), `inbox` (the bell), `account` (settings), `home`.
    """
    _landmarks[name], _landmark_roles[name] = url_name, roles


@cache
def url_or_none(url_name: str, *args: Any) -> str | None:
    """Return the address of a screen, or None when the screen does not exist."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return None


def landmark(name: str) -> str | None:
    """Return the address of a fixture's screen, or None."""
    url_name = _landmarks.get(name)
    return url_or_none(url_name) if url_name else None


def is_offered(name: str, actor: Actor) -> bool:
    """Say whether a fixture of the shell is offered to the actor."""
    return actor.has(*_landmark_roles.get(name, STAFF_ROLES))


def links_for(actor: Actor, view_name: str, *, counted: bool = True) -> list[NavLink]:
    """Return the entries the actor may follow, in order, with the current one marked."""
    links = []
    for item in sorted(_items.values(), key=lambda item: item.order):
        if not _may_see(item, actor):
            continue
        url = url_or_none(item.url_name, *item.url_args)
        if url is None:
            continue
        count = item.badge(actor) if counted and item.badge else 0
        links.append(NavLink(item, url, _is_current(item, view_name), count))
    return links


def sections_of(links: list[NavLink]) -> list[NavSection]:
    """Group links under the headings, leaving out empty ones."""
    found = [
        NavSection(key, label, [link for link in links if link.item.section == key])
        for key, label in SECTIONS
    ]
    return [section for section in found if section.links]


def tabs_of(links: list[NavLink]) -> list[NavLink]:
    """Return the links of the phone's bottom bar in their places."""
    return sorted((link for link in links if link.item.tab), key=lambda link: link.item.tab)


def _may_see(item: NavItem, actor: Actor) -> bool:
    if item.section == "public":
        return True
    if item.section == "portal":
        return actor.has(Role.ENTERPRISE)
    if item.roles:
        return actor.has(*item.roles)
    return actor.is_staff


def _is_current(item: NavItem, view_name: str) -> bool:
    if view_name == item.url_name:
        return True
    return any(view_name.startswith(prefix) for prefix in item.match)

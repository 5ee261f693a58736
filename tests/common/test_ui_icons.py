"""Every icon that a screen names is in the list the sprite is cut from."""

import re
from pathlib import Path

from django.conf import settings

from crm.common.slots import navigation

BASE = Path(settings.BASE_DIR)
KNOWN = set((BASE / "crm/common/static/anshang/icons.txt").read_text().split())
NAMED = re.compile(r"""{%\s*icon\s+["']([a-z0-9-]+)["']|icon-name=["']([a-z0-9-]+)["']""")


def _named_in_templates():
    for path in (BASE / "templates").rglob("*.html"):
        for tag, prop in NAMED.findall(path.read_text()):
            yield path.relative_to(BASE), tag or prop


def test_icons_named_in_templates_are_known():
    assert [(str(path), name) for path, name in _named_in_templates() if name not in KNOWN] == []


def test_icons_of_the_navigation_are_known():
    named = {item.icon for item in navigation._items.values()}
    assert named - KNOWN == set()


def test_the_list_is_sorted_and_holds_no_icon_twice():
    lines = (BASE / "crm/common/static/anshang/icons.txt").read_text().split()
    assert lines == sorted(set(lines))

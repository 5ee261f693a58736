"""What rooms register is found, resolves, and is shown somewhere."""

import re
from importlib import import_module
from importlib.util import find_spec

import pytest
from celery import current_app
from django.conf import settings
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse

from cms.enums import BULLETIN_FIGURES
from crm.common.apps import REGISTRY_FILES
from crm.common.records.transitions import MACHINES
from crm.common.slots import figures, navigation, panels, search, today
from tests.architecture import guards
from tests.registries import REGISTRIES, kept, left_behind, snapshot

_SLOT = re.compile(r"{% panels [\"']([a-z._]+)[\"']")


def slots_offered():
    """Return the slots that some template offers."""
    pages = (guards.ROOT / "templates").rglob("*.html")
    return {slot for page in pages for slot in _SLOT.findall(page.read_text("utf-8"))}


def _is_ours(slot):
    """Tell the product's slots from those that tests of the mechanism fill."""
    return not slot.startswith("tests.")


def unresolved(items):
    """Return the entries whose screen does not exist."""
    missing = []
    for item in items:
        try:
            reverse(item.url_name, args=item.url_args)
        except NoReverseMatch:
            missing.append(f"{item.key}: {item.url_name}")
    return missing


def test_every_entry_of_the_navigation_leads_somewhere():
    assert unresolved(navigation._items.values()) == []


def test_a_planted_entry_that_leads_nowhere_is_found():
    planted = navigation.NavItem("planted", "x", "x", "staff:nowhere:at_all")
    assert unresolved([planted]) == ["planted: staff:nowhere:at_all"]


def test_every_landmark_of_the_shell_has_its_screen():
    assert [name for name in navigation._landmarks if navigation.landmark(name) is None] == []


def test_no_two_entries_share_a_key_letter_or_a_tab():
    items = list(navigation._items.values())
    staff = [item for item in items if item.section not in ("portal", "public")]
    letters = [item.shortcut for item in items if item.shortcut]
    tabs = [item.tab for item in staff if item.tab and not item.roles]
    assert len(letters) == len(set(letters))
    assert len(tabs) == len(set(tabs))


def test_every_panel_fills_a_slot_that_a_page_offers_and_has_its_template():
    ours = {slot: filled for slot, filled in panels._slots.items() if _is_ours(slot)}
    assert set(ours) - slots_offered() == set()
    for filled in ours.values():
        for panel in filled.values():
            get_template(panel.template)


def test_the_bulletin_asks_for_figures_that_are_declared():
    assert [key for key in BULLETIN_FIGURES if key not in figures._figures] == []


def test_every_task_of_the_clock_is_registered():
    wanted = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert wanted - set(current_app.tasks) == set()


def test_every_index_and_every_group_of_today_has_words():
    assert all(str(index.label) for index in search.indexes())
    assert all(str(group.label) for group in today.groups())


@pytest.mark.parametrize("room", guards.ROOMS)
def test_a_registry_is_filled_from_the_file_that_bears_its_name(room):
    """Navigation stands in navigation.py and nowhere else; so for every slot."""
    calls = {
        "navigation": ("slots.navigation",),
        "today": ("slots.today",),
        "panels": ("slots.panels",),
        "figures": ("slots.figures",),
        "search": ("slots.search",),
        "reference": ("slots.reference",),
    }
    found = []
    for path in (guards.ROOT / room).glob("*.py"):
        text = path.read_text("utf-8")
        for slot, modules in calls.items():
            registers = any(
                re.search(rf"from crm\.common\.{module} import .*\bregister", text)
                for module in modules
            )
            if registers and path.stem != slot:
                found.append(f"{path.name} registers {slot}")
    assert found == []


def test_every_registry_file_of_every_room_can_be_imported():
    for room in guards.ROOMS:
        for name in REGISTRY_FILES:
            if find_spec(f"{room}.{name}"):
                import_module(f"{room}.{name}")


def test_a_move_that_a_button_offers_has_a_service_behind_it():
    """A machine with any service at all has one for every move that is not hidden."""
    lacking = {
        machine.key: sorted(
            move.name
            for move in machine.moves.values()
            if not move.hidden and move.name not in machine.services
        )
        for machine in MACHINES.values()
        if machine.services
    }
    assert {key: names for key, names in lacking.items() if names} == {}


_EMPTY = re.compile(r"^(\w+): dict\[.*\] = \{\}", re.M)


def test_every_registry_of_the_ground_floor_is_put_back_after_a_test():
    found = {
        (".".join(path.relative_to(guards.ROOT).with_suffix("").parts), name)
        for path in (guards.ROOT / "crm" / "common").rglob("*.py")
        for name in _EMPTY.findall(path.read_text("utf-8"))
    }
    assert found - set(REGISTRIES) == set()


def test_what_a_test_registers_is_found_and_taken_back():
    before = snapshot()
    with kept():
        today.register_counts("planted", 1, lambda actor, day: [])
        panels._slots.setdefault("cms.today", {})["planted"] = None
        assert [line.split(":")[0] for line in left_behind(before)] == [
            "crm.common.slots.panels._slots",
            "crm.common.slots.today._counts",
        ]
    assert left_behind(before) == []

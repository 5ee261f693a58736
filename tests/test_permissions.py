"""Each room's permissions, cell by cell: who may with a record of its own place, who elsewhere.

The table is written by people from docs/access.md and the rooms' READMEs. A function of a room's
permissions.py that is not in it fails; so does a cell that differs, allowed or refused.
"""

import inspect
from importlib import import_module
from importlib.util import find_spec

import pytest

from tests.access.world import built
from tests.architecture.guards import ROOMS
from tests.crm.factories import acting

pytestmark = pytest.mark.django_db
OFFICE = "agent lead leader"
AREA = "agent lead"

# function: the record it is asked about, who may inside, who may outside
TABLE = {
    "crm.works_with": ("enterprise", f"{OFFICE} handler auditor enterprise", "leader auditor"),
    "crm.can_register_enterprise": ("area.pk", AREA, ""),
    "crm.can_edit_enterprise": ("enterprise", AREA, ""),
    "crm.can_merge_enterprises": ("enterprise", "lead", ""),
    "crm.can_record_visit": ("enterprise", f"{OFFICE} handler", "leader"),
    "crm.can_reveal_phone": ("enterprise", f"{AREA} handler auditor", "auditor"),
    "crm.can_keep_accounts": ("", "admin", "admin"),
    "projects.can_register_project": ("area.pk", AREA, ""),
    "projects.can_drive": ("project", AREA, ""),
    "projects.can_stop": ("project", "lead leader", "leader"),
    "projects.can_edit_list": ("project", AREA, ""),
    "projects.can_finish_item": ("item", f"{AREA} handler", ""),
    "projects.can_keep_item": ("item", AREA, ""),
    "projects.can_propose_relief": ("project", "lead leader", "leader"),
    "projects.can_decide_fees": ("project", "leader finance", "leader finance"),
    "projects.can_put_into_force": ("relief", "leader finance", "leader finance"),
    "projects.can_push": ("approval", AREA, ""),
    "projects.can_deliver": ("approval", AREA, ""),
    "projects.can_decide": ("approval", "handler", ""),
    "projects.can_rate": ("approval", "enterprise", ""),
    "projects.can_hand_over": ("", "admin", "admin"),
    "projects.can_keep_catalogues": ("", "admin", "admin"),
    "issues.can_keep_limits": ("", "admin", "admin"),
    # Whose issue it is decides whether it is seen at all; the office works for the whole city.
    "issues.is_office": ("issue", OFFICE, OFFICE),
    "issues.is_approver": ("issue", "lead leader", "lead leader"),
    "issues.has_handled": ("issue", "handler", ""),
    "issues.is_handler": ("issue", "handler", ""),
    "issues.is_independent": ("issue", OFFICE, OFFICE),
    "issues.is_own_enterprise": ("issue", "enterprise", ""),
    "issues.can_urge": ("issue", OFFICE, OFFICE),
    "issues.can_add_file": ("issue", f"{OFFICE} handler", OFFICE),
    "issues.may_withdraw": ("issue", OFFICE, "lead leader"),
    "issues.has_the_word": ("issue", f"{OFFICE} enterprise", OFFICE),
    "issues.can_record_recurrence": (
        "issue", f"{OFFICE} handler enterprise", f"{OFFICE} handler enterprise",
    ),
    "issues.can_add_words": ("issue", "enterprise", ""),
    "issues.can_log": ("", f"{OFFICE} handler enterprise", f"{OFFICE} handler enterprise"),
    "issues.can_run_sweeps": ("", "lead leader", "lead leader"),
    "issues.can_visit": ("", OFFICE, OFFICE),
    "issues.can_request_meeting": ("", f"{OFFICE} handler", f"{OFFICE} handler"),
    "issues.sees_whole_agenda": ("meeting", f"{OFFICE} handler auditor", "leader auditor"),
    "issues.keeps_agenda": ("meeting", OFFICE, "lead leader"),
    "issues.keeps_minutes": ("meeting", OFFICE, "leader"),
    # The lead wrote these minutes, another signs them.
    "issues.may_sign": ("meeting", "leader", "lead leader"),
    "issues.can_hand_over": ("", "admin", "admin"),
    "profiles.can_import": ("power", "handler", ""),
    "profiles.can_consent": ("enterprise", "enterprise", ""),
    "profiles.can_record_consent": ("enterprise", AREA, ""),
    "profiles.can_roll_back": ("batch", "handler", ""),
    "profiles.can_edit_labels": ("", "policy_editor", "policy_editor"),
    "profiles.can_judge_labels": ("", "policy_editor", "policy_editor"),
    "profiles.can_check_warning": ("enterprise", AREA, ""),
    "profiles.can_edit_indicators": ("", "admin", "admin"),
    "policy_match.can_edit_policies": ("", "policy_editor", "policy_editor"),
    "policy_match.can_edit_version": ("version", "policy_editor", "policy_editor"),
    "policy_match.can_answer_push": ("push", "enterprise", ""),
    "policy_match.can_sign": ("version", "leader", "leader"),
    "policy_match.can_publish": ("version", "leader", "leader"),
}  # fmt: skip


def functions():
    """Return {room.name: function} of every permission of every room."""
    found = {}
    for room in ROOMS:
        if not find_spec(f"{room}.permissions"):
            continue
        module = import_module(f"{room}.permissions")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{room}.{name}"] = function
    return found


FUNCTIONS = functions()


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    with built(django_db_blocker, tmp_path_factory.mktemp("files")) as world:
        yield world


def about(world, side, path):
    """Return the record a permission is asked about, fresh from the database."""
    record = side
    for name in path.split("."):
        record = getattr(record, name, None) or getattr(world, name)
    return type(record).objects.get(pk=record.pk) if hasattr(record, "pk") else record


def may(world, side, function, path):
    """Return who may, of all the people who ask."""
    people = {one.name: acting(one.user) for one in world.people if one.user is not None}
    return {
        name
        for name, actor in people.items()
        if (function(actor, about(world, side, path)) if path else function(actor))
    }


def test_every_permission_stands_in_the_table():
    assert set(TABLE) == set(FUNCTIONS)


@pytest.mark.parametrize("name", sorted(set(TABLE) & set(FUNCTIONS)))
def test_who_may_is_who_stands_in_the_table(city, name):
    path, inside, outside = TABLE[name]
    function = FUNCTIONS[name]
    assert may(city, city.inside, function, path) == set(inside.split()), "inside"
    assert may(city, city.outside, function, path) == set(outside.split()), "outside"

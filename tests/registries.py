"""What rooms register while they are loaded; a test that registers more puts it back.

    with kept():
        navigation.register(NavItem(...))

The fixture `kept_registries` does it for a whole test, and `tests/conftest.py` fails every test
that leaves something behind.
"""

from contextlib import contextmanager
from importlib import import_module

import pytest

REGISTRIES = (
    ("crm.common.days.reminders", "_kinds"),
    ("crm.common.face.lists.spec", "_added"),
    ("crm.common.face.lists.spec", "_families"),
    ("crm.common.face.lists.spec", "_specs"),
    ("crm.common.outbox.events", "_subscribers"),
    ("crm.common.outbox.jobs", "_registry"),
    ("crm.common.outbox.messages", "_kinds"),
    ("crm.common.records.transitions", "MACHINES"),
    ("crm.common.slots.catalogues", "_catalogues"),
    ("crm.common.slots.clocks", "_clocks"),
    ("crm.common.slots.figures", "_figures"),
    ("crm.common.slots.grounds", "_grounds"),
    ("crm.common.slots.handover", "_piles"),
    ("crm.common.slots.navigation", "_items"),
    ("crm.common.slots.navigation", "_landmark_roles"),
    ("crm.common.slots.panels", "_slots"),
    ("crm.common.slots.reference", "_loaders"),
    ("crm.common.slots.search", "_indexes"),
    ("crm.common.slots.today", "_agenda"),
    ("crm.common.slots.today", "_counts"),
    ("crm.common.slots.today", "_groups"),
)


def _held():
    return {(name, attr): getattr(import_module(name), attr) for name, attr in REGISTRIES}


def _copy(registry):
    """Return what a registry holds, one folder deep."""
    return {key: dict(one) if isinstance(one, dict) else one for key, one in registry.items()}


def snapshot():
    """Return what every registry holds."""
    return {where: _copy(registry) for where, registry in _held().items()}


def left_behind(before):
    """Return the registries that hold something else than they did, in words."""
    return sorted(
        f"{name}.{attr}: {sorted(map(str, set(now) ^ set(before[name, attr]))) or 'changed'}"
        for (name, attr), now in snapshot().items()
        if now != before[name, attr]
    )


def put_back(before):
    """Let every registry hold again what it held; the objects themselves stay the same."""
    for where, registry in _held().items():
        registry.clear()
        registry.update(_copy(before[where]))


@contextmanager
def kept():
    """Take back whatever is registered within."""
    before = snapshot()
    try:
        yield
    finally:
        put_back(before)


@pytest.fixture
def kept_registries():
    """Take back whatever a test registers."""
    with kept():
        yield

"""The harness: sloppiness fails."""

import socket
import sys

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.template.base import Node
from django.urls import get_resolver

from tests import registries
from tests.architecture.guards import views_of
from tests.registries import kept_registries  # noqa: F401

OUR_TEMPLATES = str(settings.BASE_DIR / "templates")
LOOPBACK = ("127.", "localhost", "::1")

# A busy machine is no defect: examples have no time limit of their own.
hypothesis.settings.register_profile("anshang", deadline=None)
hypothesis.settings.load_profile("anshang")


class UndefinedVariable(str):
    """Stands for an undefined template variable and fails when it is drawn."""

    __slots__ = ()

    def __contains__(self, item):
        return item == "%s"

    def __mod__(self, name):
        template = _template_being_drawn()
        if template is not None and not template.startswith(OUR_TEMPLATES):
            return ""  # allauth's and Wagtail's own templates lean on undefined being empty
        raise AssertionError(f"{template} used the undefined variable “{name}”.")


def _template_being_drawn():
    """Return the path of the template whose expression is being resolved.

    A node knows the file it was written in, also where that file extends another.
    """
    frame = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node.origin.name
        frame = frame.f_back
    return None


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail():
    """Fail when one of our templates draws a variable nobody passed."""
    from django.template import engines

    engines["django"].engine.string_if_invalid = UndefinedVariable("%s")


@pytest.fixture(scope="session")
def _every_room_is_loaded():
    """Register now what a room registers when its addresses are first asked for."""
    list(views_of(get_resolver().url_patterns))


@pytest.fixture(autouse=True)
def _nothing_registered_stays(_every_room_is_loaded):
    """Fail a test that registers something and leaves it to the next one."""
    before = registries.snapshot()
    yield
    found = registries.left_behind(before)
    registries.put_back(before)
    assert found == [], f"use kept_registries: {found}"


@pytest.fixture(autouse=True)
def _media_in_a_folder_of_the_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture(autouse=True)
def _nothing_leaves_the_machine(monkeypatch):
    real = socket.socket.connect

    def connect(self, address):
        host = address[0] if isinstance(address, tuple) else "localhost"
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
            raise AssertionError(f"A test tried to reach {host}.")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True, scope="session")
def _a_closed_answer_leaves_the_connection_of_the_test():
    """Closing a streamed file ends its request, not the transaction the test runs in."""
    obsolete = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_unless_in_a_test(self):
        if not self.in_atomic_block:
            obsolete(self)

    BaseDatabaseWrapper.close_if_unusable_or_obsolete = close_unless_in_a_test


@pytest.fixture(autouse=True, scope="session")
def _tests_may_empty_tables_that_refuse_it():
    """Emptying the tables between two tests is the harness's act, not the product's."""
    if connection.vendor != "postgresql":
        return
    operations = type(connection.ops)
    really = operations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        really(self, ["SET LOCAL session_replication_role = replica", *sql_list])

    operations.execute_sql_flush = execute_sql_flush


@pytest.fixture
def on_postgresql():
    """Say whether the suite runs on PostgreSQL."""
    return "postgresql" in settings.DATABASES["default"]["ENGINE"]

"""The access matrix: every address, every role, an own and a foreign record."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import get_resolver, path
from wagtail.models import Locale

from cms.models import BasePage
from crm.common.people.doors import Door, open_to_staff
from crm.common.people.enums import Role
from issues.models import Issue
from tests.access import matrix
from tests.access.world import built
from tests.architecture import guards

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parent / "access_matrix.csv"
WRITES = os.environ.get("ACCESS_MATRIX") == "write"
VIEWS = list(matrix.named_views(get_resolver().url_patterns))
STAFF = ("agent", "lead", "handler", "policy_editor", "finance", "admin")
# Addresses that show somebody something of a foreign record: whom, and why (docs/access.md).
REASONS = {
    "staff:crm:enterprise_detail": (STAFF, "the register's public facts are open to all staff"),
    "staff:profiles:enterprise_values": (STAFF, "each value on it is asked for by itself"),
    "staff:profiles:value_history": (STAFF, "each value on it is asked for by itself"),
    "staff:issues:sweep_detail": (("agent", "lead"), "a round is the city's, its targets are not"),
    "staff:issues:sweep_move": (("agent", "lead"), "a round is the city's; leads run it"),
    "staff:projects:relief_move": (("finance",), "finance decides on the fees of any project"),
    "staff:crm:account_act": (("admin",), "the administrator keeps all accounts"),
    "staff:crm:account_absence": (("admin",), "the administrator keeps all accounts"),
    "staff:crm:account_absence_end": (("admin",), "the administrator keeps all accounts"),
    "staff:crm:account_detail": (("admin",), "the administrator keeps all accounts"),
    "staff:crm:account_leave": (("admin",), "the administrator keeps all accounts"),
    "job_progress": (("admin",), "the administrator watches over all jobs"),
    "job_cancel": (("admin",), "the administrator watches over all jobs"),
}
WORDS_AND_ICONS = ("cms/jsi18n/", "cms/sprite/")
# What whoever may edit gets of Wagtail without any permission: empty choosers, one's own account.
NO_RECORDS = (
    "account/",
    "choose-",
    "dismissibles/",
    "documents/chooser/",
    "embeds/chooser/",
    "failwhale/",
    "images/chooser/",
    "reports/site-history/",
    "tag-autocomplete/",
    "test404/",
    "workflows/task_chooser/",
)
EXCUSED = {(name, who): why for name, (people, why) in REASONS.items() for who in people}


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    with built(django_db_blocker, tmp_path_factory.mktemp("files")) as world:
        yield world


@pytest.fixture(scope="module")
def table(city):
    return matrix.ask_all(city, VIEWS)


def test_every_address_says_which_record_is_asked_for():
    assert matrix.without_record(VIEWS) == []


def test_the_matrix_is_the_one_that_is_checked_in(table):
    now = matrix.written(table)
    if WRITES:
        FILE.write_text(now, "utf-8")
    kept = FILE.read_text("utf-8").splitlines()
    changed = sorted(set(now.splitlines()) ^ set(kept))
    assert changed == [], "if that is meant, call make access-matrix and read what changed"


def test_no_door_stands_open_and_no_foreign_record_exists(table):
    assert matrix.breaches(table, VIEWS, EXCUSED) == []


def test_every_question_reaches_its_own_record(table):
    assert matrix.asleep(table) == []


def test_no_excuse_is_stale(table):
    assert matrix.stale(EXCUSED, table) == []


def test_a_planted_unscoped_view_and_an_open_door_turn_it_red(city, settings):
    @open_to_staff
    def unscoped(request, pk):
        return HttpResponse(Issue.objects.get(pk=pk).title)

    def doorless(request, pk):
        return HttpResponse("come in")

    doorless.door = Door(roles=frozenset({Role.LEAD}))
    routes = [
        path("x/<int:pk>/", unscoped, name="planted_unscoped"),
        path("y/<int:pk>/", doorless, name="planted_doorless"),
        path("z/<slug:what>/", unscoped, name="nobody_knows"),
        *get_resolver().url_patterns,
    ]
    settings.ROOT_URLCONF = type("urls", (), {"urlpatterns": routes})
    planted = [view for view in matrix.named_views(routes) if view[0].startswith("planted")]
    found = matrix.breaches(matrix.ask_all(city, planted), planted, EXCUSED)
    assert "planted_unscoped outside GET agent: 200, a foreign record" in found
    assert "planted_doorless inside POST finance: 200, the door stands open" in found
    assert not any(" leader:" in one for one in found if one.startswith("planted_unscoped"))
    assert matrix.without_record(matrix.named_views(routes)) == ["nobody_knows"]
    assert matrix.stale({("home", "agent"): "no longer"}, {}) == [("home", "agent")]
    assert matrix.asleep({("a", "inside", "GET"): {"agent": "404"}}) == ["a"]


def test_the_editors_pages_are_closed_to_whoever_edits_nothing(city):
    """Wagtail's own pages ask Wagtail's permissions; no role of ours has one beyond the door."""
    addresses = {
        f"/{route}"
        for route, _view, _pattern in guards.views_of(get_resolver().url_patterns)
        if route.startswith("cms/")
        and route not in WORDS_AND_ICONS
        and not set(route) & set("<(^\\$")
    }
    assert len(addresses) > 50
    if not BasePage.objects.exists():  # without migrations
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
        BasePage.add_root(title="Root")
    opened = {
        (asker.person.name, address)
        for asker in map(matrix.Asker, city.people)
        for address in sorted(addresses)
        if asker.ask("GET", address, {}) not in matrix.REFUSED | {"302"}
    }
    assert {who for who, _address in opened} == {"admin", "policy_editor"}
    shown = {address.removeprefix("/cms/") for _who, address in opened}
    assert {one for one in shown if not one.startswith(NO_RECORDS)} == {""}

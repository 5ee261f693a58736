"""Pieces of pages that are kept between requests are never shown to whom they are not meant for."""

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import translation

from crm.common.people.enums import Role
from tests.common.factories import UserFactory, message_to
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db
PROJECTS = "/work/projects/"


@pytest.fixture(autouse=True)
def kept(settings):
    """The keeping as it is in service."""
    settings.CACHES = {
        **settings.CACHES,
        "template_fragments": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "tests-kept",
        },
    }
    caches["template_fragments"].clear()


def _page(client, user, url=PROJECTS):
    client.force_login(user)
    return " ".join(client.get(url).content.decode().split())


def test_a_kept_menu_holds_only_what_its_reader_may_open(client):
    admin, handler = UserFactory(roles=[Role.ADMIN]), UserFactory(roles=[Role.HANDLER])
    dead_letters = reverse("staff:common:condition")
    for _again in range(2):
        assert f'href="{dead_letters}"' in _page(client, admin)
        assert f'href="{dead_letters}"' not in _page(client, handler)


def test_a_kept_bar_names_its_own_reader_and_their_unread_messages(client):
    first = UserFactory(display_name="周敏", roles=[Role.AGENT])
    second = UserFactory(display_name="吴涛", roles=[Role.AGENT])
    assert "周敏" in _page(client, first)
    page = _page(client, second)
    assert "吴涛" in page
    assert "周敏" not in page
    assert "as-dot" not in page
    message_to(second)
    assert "as-dot" in _page(client, second)


def test_the_current_entry_moves_with_the_page(client):
    person = UserFactory(roles=[Role.AGENT])
    for _again in range(2):
        for url in (PROJECTS, reverse("staff:issues:issue_list")):
            page = _page(client, person, url)
            menu = page[page.index('id="as-side"') : page.index("</nav>")]
            current = menu[: menu.index("aria-current")].rsplit("href=", 1)[1]
            assert current.startswith(f'"{url}"')


def test_a_kept_page_is_in_the_language_of_its_reader(client):
    person = UserFactory(roles=[Role.AGENT])
    with translation.override(None):
        english, chinese = "Switch between light and dark", "切换亮暗"
        _page(client, person)
        client.cookies["django_language"] = "en"
        page = client.get(PROJECTS).content.decode()
        assert english in page
        assert chinese not in page


def test_head_filters_and_pages_follow_the_address(client):
    person = UserFactory(roles=[Role.LEADER])
    Cast()
    assert 'aria-sort="ascending"' not in _page(client, person)
    turned = _page(client, person, f"{PROJECTS}?sort=name&standing=running")
    assert 'aria-sort="ascending"' in turned
    assert '<input type="hidden" name="standing" value="running">' in turned
    assert 'aria-sort="ascending"' not in _page(client, person)


def test_the_number_of_pages_follows_the_rows(client):
    person = UserFactory(roles=[Role.LEADER])
    cast = Cast()
    for number in range(19):
        cast.register(name=f"项目{number}")
    assert "?page=2" not in _page(client, person)
    cast.register(name="又一个项目")
    assert "?page=2" in _page(client, person)


def test_the_columns_are_offered_when_their_menu_is_opened(client):
    person = UserFactory(roles=[Role.LEADER])
    page = _page(client, person, f"{PROJECTS}?light=ok")
    assert "data-as-columns" not in page
    assert "fragment=columns" in page
    menu = _page(client, person, f"{PROJECTS}?light=ok&fragment=columns")
    assert "<html" not in menu
    assert 'value="stage"' in menu
    assert '<input type="hidden" name="light" value="ok" >' in menu


def test_the_dialog_of_views_is_filled_when_it_is_opened(client):
    person = UserFactory(roles=[Role.LEADER])
    assert reverse("view_save") not in _page(client, person)
    dialog = _page(client, person, f"{PROJECTS}?sort=name&fragment=views")
    assert "<html" not in dialog
    assert 'name="query" value="sort=name"' in dialog
    assert f'name="next" value="{PROJECTS}?sort=name"' in dialog

"""Every view says who may enter, and nobody enters elsewhere."""

import re

import pytest
from django.http import HttpResponse
from django.urls import get_resolver, path

from crm.common.people.doors import open_to_staff
from crm.common.people.enums import Role
from tests.architecture import guards
from tests.common.factories import UserFactory

# Routes of other people's code, which guard themselves. A stale line fails.
GUARD_THEMSELVES = {
    "accounts/": "django-allauth: sign-in, password, second factor",
    "i18n/": "Django: the language switch, a POST without any record",
    "cms/": "Wagtail's editors ask Wagtail's permissions",
    "api/": "django-ninja: each operation carries its own authentication",
    "_util/": "Wagtail: page passwords and search results of its own",
    "": "",
}
SAMPLES = {"int": "987654321", "uuid": "00000000-0000-4000-8000-000000000000"}


def _ours():
    """Return the routes of our own rooms: their views live in our modules."""
    return [
        (route, view, pattern)
        for route, view, pattern in guards.views_of(get_resolver().url_patterns)
        if (view.__module__ or "").split(".")[0] in guards.ROOMS
    ]


def test_every_view_of_ours_has_a_door():
    bare = [
        f"{route} ({view.__module__}.{getattr(view, '__name__', view)})"
        for route, view, _ in _ours()
        if getattr(view, "door", None) is None and not route.startswith("api/")
    ]
    assert not bare, f"decorate with a door of crm.common.people.doors: {bare}"


def test_every_route_without_a_door_belongs_to_code_that_guards_itself():
    excused = tuple(prefix for prefix in GUARD_THEMSELVES if prefix)
    rest = [
        route
        for route in guards.without_door(get_resolver().url_patterns, excused)
        if "(wagtail." not in route
    ]
    assert rest == []


def test_no_excuse_is_stale():
    routes = [route for route, _, _ in guards.views_of(get_resolver().url_patterns)]
    optional = {"api/", "_util/"}
    stale = [
        prefix
        for prefix in GUARD_THEMSELVES
        if prefix not in optional and not any(route.startswith(prefix) for route in routes)
    ]
    assert stale == []


def test_a_public_door_gives_its_reason():
    doors = [(route, view.door) for route, view, _ in _ours() if getattr(view, "door", None)]
    assert [route for route, door in doors if door.public and len(door.reason) < 10] == []


def test_staff_and_portal_are_never_public():
    assert [
        route
        for route, view, _ in _ours()
        if route.startswith(("work/", "my/")) and getattr(view, "door", None) and view.door.public
    ] == []


def test_a_planted_view_without_a_door_is_found():
    def bare(request):
        return HttpResponse()

    @open_to_staff
    def guarded(request):
        return HttpResponse()

    assert len(guards.without_door([path("a/", bare), path("b/", guarded)])) == 1


def _url(route: str) -> str | None:
    """Fill a route with ids that do not exist; None when it takes anything but ids."""
    filled = re.sub(r"<(int|uuid):\w+>", lambda match: SAMPLES[match[1]], route)
    return None if "<" in filled or "(" in filled else f"/{filled}"


GUARDED = sorted(
    {url for route, _, _ in _ours() if route.startswith(("work/", "my/")) and (url := _url(route))}
)


@pytest.mark.django_db
@pytest.mark.parametrize("url", GUARDED)
def test_a_passer_by_is_sent_to_sign_in(client, url):
    answer = client.get(url)
    assert answer.status_code == 302, url
    assert "/accounts/login/" in answer.url


@pytest.mark.django_db
@pytest.mark.parametrize("url", [url for url in GUARDED if url.startswith("/work/")])
def test_an_enterprise_does_not_enter_the_workspace(client, url):
    client.force_login(UserFactory(roles=[Role.ENTERPRISE]))
    view = next(view for route, view, _ in _ours() if _url(route) == url)
    if not view.door.signed_in:
        assert client.get(url).status_code in (403, 404, 405), url


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", [url for url in GUARDED if any(sample in url for sample in SAMPLES.values())]
)
def test_a_record_that_does_not_exist_answers_404_to_the_leader_and_to_the_enterprise(client, url):
    for role in (Role.LEADER, Role.ENTERPRISE):
        client.force_login(UserFactory(roles=[role]))
        assert client.get(url).status_code in (403, 404, 405), (role, url)

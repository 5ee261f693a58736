"""Every way in is the same door: one sign-in page, its lockout, its second step."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.urls import get_resolver, reverse

from crm.common.people.enums import Role
from tests.architecture.guards import views_of
from tests.common.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-2024"
ENTRANCE = "/accounts/login/"


@pytest.fixture
def person():
    user = UserFactory(roles=[Role.ADMIN], is_superuser=True, is_staff=True)
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    yield user
    cache.clear()


def credentials(person, password=PASSWORD):
    """Every name under which a sign-in form may ask for them."""
    names = ("login", "username", "user", "email")
    return {**dict.fromkeys(names, person.username), "password": password, "next": "/work/"}


def addresses():
    """Every address of the map that takes no more than a number or a word."""
    samples = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000"}
    found = set()
    for route, _view, _pattern in views_of(get_resolver().url_patterns):
        filled = re.sub(r"<(?:(\w+):)?\w+>", lambda match: samples.get(match[1], "x"), route)
        if not re.search(r"[\\(\^$]", filled):
            found.add(f"/{filled}")
    return sorted(found)


def is_in(client):
    return "_auth_user_id" in client.session


def test_only_one_address_of_the_whole_map_signs_in(client, person):
    client.raise_request_exception = False
    ways_in = []
    for address in addresses():
        client.post(address, credentials(person))
        if is_in(client):
            ways_in.append(address)
            client.logout()
    assert ways_in == [ENTRANCE]


def test_with_a_second_step_no_address_signs_in_by_password_alone(client, person):
    TOTP.activate(person, generate_totp_secret())
    assert Authenticator.objects.filter(user=person).exists()
    for address in addresses():
        if any(word in address for word in ("login", "auth", "password", "account")):
            client.post(address, credentials(person))
            assert not is_in(client), address


@pytest.mark.parametrize("address", ["/cms/login/", "/_util/login/"])
def test_other_peoples_sign_in_pages_lead_to_ours(client, person, address):
    answer = client.get(address, {"next": "/cms/pages/"})
    assert answer.status_code == 302
    assert answer.url == f"{ENTRANCE}?next=%2Fcms%2Fpages%2F"
    client.force_login(UserFactory(roles=[Role.AGENT]))
    assert client.get(address).status_code == 403


def test_who_may_not_edit_is_told_so_instead_of_going_in_circles(client):
    client.force_login(UserFactory(roles=[Role.AGENT]))
    assert client.get("/cms/", follow=True).status_code == 403


def test_a_forgotten_password_is_asked_for_in_one_place(client, person):
    for address in ("/cms/password_reset/", "/cms/password_reset/confirm/MQ/abc-def/"):
        assert client.get(address).url == reverse("account_reset_password")


def enter(client, person, password, *, network="10.0.0.1", **headers):
    data = {"login": person.username, "password": password}
    return client.post(ENTRANCE, data, REMOTE_ADDR=network, **headers)


@pytest.fixture
def limits(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "50/m/ip,3/300s/key"}


def test_a_stranger_locks_out_himself_and_not_the_owner(client, person, limits):
    for _try in range(4):
        enter(client, person, "wrong", network="10.6.6.6")
    assert enter(client, person, PASSWORD, network="10.6.6.6").status_code != 302
    assert enter(client, person, PASSWORD, network="10.0.0.1").status_code == 302


def test_a_forged_forwarded_address_is_no_other_network(client, person, limits, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    for number in range(4):
        enter(client, person, "wrong", HTTP_X_FORWARDED_FOR=f"10.9.9.{number}")
    assert enter(client, person, PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9").status_code != 302


def test_behind_our_proxy_the_last_address_counts(client, person, limits, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(4):
        forged = f"10.9.9.{number}, 10.6.6.6"
        enter(client, person, "wrong", HTTP_X_FORWARDED_FOR=forged)
    blocked = enter(client, person, PASSWORD, HTTP_X_FORWARDED_FOR="10.9.9.9, 10.6.6.6")
    assert blocked.status_code != 302
    free = enter(client, person, PASSWORD, HTTP_X_FORWARDED_FOR="10.6.6.6, 10.0.0.1")
    assert free.status_code == 302


def test_a_role_that_must_have_a_second_step_is_led_to_it(client, settings):
    settings.ANSHANG_TWO_STEP_ROLES = ["finance"]
    client.force_login(UserFactory(roles=[Role.FINANCE]))
    assert client.get(reverse("staff:cms:today")).url == reverse("mfa_activate_totp")
    assert client.get(reverse("inbox_list"), HTTP_HX_REQUEST="true")["HX-Redirect"]
    assert client.get(reverse("usersessions_list")).status_code == 200
    client.force_login(UserFactory(roles=[Role.AGENT]))
    assert client.get(reverse("staff:cms:today")).status_code == 200


def test_with_the_second_step_the_role_works(client, settings):
    settings.ANSHANG_TWO_STEP_ROLES = ["finance"]
    user = UserFactory(roles=[Role.FINANCE])
    TOTP.activate(user, generate_totp_secret())
    client.force_login(user)
    assert client.get(reverse("inbox_list")).status_code == 200


def test_whoever_is_away_too_long_signs_in_again(client, settings, monkeypatch):
    from crm.common import middleware
    from crm.common.days.clock import machine_now

    settings.ANSHANG_IDLE_SECONDS = 3600
    client.force_login(UserFactory(roles=[Role.AGENT]))
    begun = machine_now()
    for minutes in (50, 100, 150):  # used within the hour each time
        monkeypatch.setattr(
            middleware, "machine_now", lambda m=minutes: begun + timedelta(minutes=m)
        )
        assert client.get(reverse("inbox_list")).status_code == 200
    monkeypatch.setattr(middleware, "machine_now", lambda: begun + timedelta(minutes=211))
    answer = client.get(reverse("inbox_list"))
    assert answer.url == f"{ENTRANCE}?next=%2Finbox%2F"
    assert not is_in(client)


def test_a_person_sees_and_ends_the_other_sessions(client, django_user_model, person):
    from django.test import Client

    other = Client(headers={"user-agent": "Somebody's telephone"})
    enter(other, person, PASSWORD)
    enter(client, person, PASSWORD)
    page = client.get(reverse("usersessions_list"))
    assert "Somebody" in page.content.decode()
    client.post(reverse("usersessions_list"))
    assert is_in(client)
    assert other.get(reverse("inbox_list")).status_code == 302


def test_a_stranger_sees_only_his_own_sessions(client, person):
    enter(client, person, PASSWORD)
    from django.test import Client

    stranger = Client()
    user = UserFactory(roles=[Role.AGENT])
    user.set_password(PASSWORD)
    user.save()
    enter(stranger, user, PASSWORD)
    stranger.post(reverse("usersessions_list"))
    assert client.get(reverse("inbox_list")).status_code == 200

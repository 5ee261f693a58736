"""Signing in: lockout by account and network, closed registration, language, errors."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse

from crm.common.people.enums import Role
from tests.common.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-2024"


@pytest.fixture
def person():
    user = UserFactory(roles=[Role.AGENT])
    user.set_password(PASSWORD)
    user.save()
    cache.clear()
    yield user
    cache.clear()


def enter(client, person, password):
    return client.post(reverse("account_login"), {"login": person.username, "password": password})


def test_the_right_password_leads_to_the_first_screen(client, person):
    response = enter(client, person, PASSWORD)
    assert (response.status_code, response["Location"]) == (302, reverse("home"))


def test_after_too_many_failures_even_the_right_password_waits(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "50/m/ip,3/300s/key"}
    for _try in range(3):
        assert enter(client, person, "wrong").status_code == 200
    assert enter(client, person, PASSWORD).status_code != 302
    other = UserFactory()
    other.set_password(PASSWORD)
    other.save()
    assert enter(client, other, PASSWORD).status_code == 302


def test_a_network_that_guesses_at_many_accounts_is_locked_out(client, person, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "4/m/ip"}
    for _try in range(4):
        enter(client, UserFactory(), "wrong")
    assert enter(client, person, PASSWORD).status_code != 302


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_a_weak_password_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_nobody_opens_an_account_for_himself(client):
    page = client.post(
        reverse("account_signup"),
        {"username": "somebody", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session


def test_without_signing_in_every_screen_leads_to_the_sign_in_page(client):
    for name in ("staff:cms:today", "portal:cms:home", "inbox_list"):
        response = client.get(reverse(name))
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_a_wrong_role_is_told_who_can(client, person):
    client.force_login(person)
    page = client.get(reverse("portal:cms:home"))
    assert page.status_code == 403
    assert "企业" in page.content.decode() or "Enterprise" in page.content.decode()


def test_english_is_chosen_in_the_menu_and_kept(client, person):
    client.force_login(person)
    chinese = client.get(reverse("staff:cms:today")).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/work/"})
    english = client.get(reverse("staff:cms:today")).content.decode()
    assert 'lang="zh-Hans"' in chinese
    assert 'lang="en"' in english

"""A setting that makes no sense stops the start with a sentence; production is held to more."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from crm.common.people.enums import Role
from crm.settings import base, env
from tests.common.factories import UserFactory
from tests.pages import all_pages

PRODUCTION = {
    "ANSHANG_PRODUCTION": "1",
    "ANSHANG_SECRET_KEY": "k9" * 30 + "abcdefghijklmnop",
    "ANSHANG_AUDIT_KEY": "z7" * 30 + "abcdefghijklmnop",
    "ANSHANG_HOSTS": "anshang.example.gov.cn",
    "ANSHANG_ORIGINS": "https://anshang.example.gov.cn",
    "ANSHANG_BASE_URL": "https://anshang.example.gov.cn",
    "DATABASE_URL": "postgres://app:secret@127.0.0.1:5432/anshang",
}


def start(tmp_path, **variables):
    """Run the deployment checks in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy"],
        cwd=settings.BASE_DIR,
        env={**kept, "ANSHANG_VAR": str(tmp_path / "var"), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


BAD = [
    (lambda: env.flag("X", default=False), "maybe", "use 1 or 0"),
    (lambda: env.whole("X", 1), "²", "from 0 to 1000000"),
    (lambda: env.whole("X", 1, least=1, most=65535), "65536", "1 to 65535"),
    (lambda: env.whole("X", 1), "9" * 30, "from 0 to 1000000"),
    (lambda: env.day("X"), "2024-02-30", "2024-09-12"),
    (lambda: env.choice("X", "INFO", base.LOG_LEVELS), "LOUD", "DEBUG, INFO"),
    (lambda: env.rates("X", "1/m/ip"), "10/m", "10/m/ip"),
    (lambda: env.rates("X", "1/m/ip"), "10/m/ip,ten/m/ip", "“ten/m/ip”"),
    (lambda: env.rates("X", "1/m/ip"), "0/m/ip", "“0/m/ip”"),
    (lambda: env.address("X", ""), "anshang.example", "https://anshang"),
    (lambda: env.address("X", ""), "https://a.example:port", "https://anshang"),
    (lambda: env.address("X", ""), "javascript://a", "https://anshang"),
    (lambda: env.address("X", ""), "https://a.example/app", "https://anshang"),
    (lambda: env.addresses("X"), "https://a.example,b.example", "https://anshang"),
    (lambda: env.service("X", "", ("redis",)), "http://a", "redis://host"),
    (lambda: env.service("X", "", ("redis",)), "redis://a:x", "redis://host"),
    (lambda: env.some("X", base.ROLES), "finance,boss", "“boss”"),
    (lambda: env.networks("X"), "10.1.0.0/16,ten", "10.1.0.0/16"),
    (lambda: env.database("X", default_file=None), "mysql://x/y", "postgres://"),
    (lambda: env.database("X", default_file=None), "postgres://x:port/y", "postgres://"),
    (lambda: env.database("X", default_file=None), "postgres://x/", "names no database"),
    (lambda: env.database("X", default_file=None), "postgres://[x/y", "postgres://"),
]


@pytest.mark.parametrize(("read", "value", "accepted"), BAD)
def test_a_bad_value_is_refused_with_what_is_accepted(monkeypatch, read, value, accepted):
    monkeypatch.setenv("X", value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    assert "X" in str(refusal.value)
    assert accepted in str(refusal.value)


def test_a_password_in_a_bad_address_is_not_told(monkeypatch):
    monkeypatch.setenv("X", "postgres://app:geheim@[db/y")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.database("X", default_file=None)
    assert "geheim" not in str(refusal.value)


def test_the_roles_of_the_settings_are_the_roles():
    assert set(base.ROLES) == set(Role.values)


def test_a_deployment_has_no_warning(tmp_path):
    done = start(tmp_path, **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
    assert "WARNINGS" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "", "DATABASE_URL names a file"),
        ("ANSHANG_TODAY", "2024-09-12", "ANSHANG_TODAY=2024-09-12"),
        ("ANSHANG_DEBUG", "1", "ANSHANG_DEBUG=1"),
        ("ANSHANG_LOG_LEVEL", "LOUD", "ANSHANG_LOG_LEVEL"),
    ],
)
def test_production_refuses_what_is_for_a_try_out(tmp_path, name, value, told):
    done = start(tmp_path, **{**PRODUCTION, name: value})
    assert done.returncode != 0
    assert told in done.stderr


# Public pages, the same for everybody: a browser may keep them.
OF_NOBODY = {"cms.front_page"}


@pytest.mark.django_db
@pytest.mark.parametrize("key", sorted(all_pages()))
def test_no_page_of_somebody_is_kept(client, key):
    user, url = all_pages()[key](1)
    if user is not None:
        client.force_login(user)
    kept = client.get(url).headers.get("Cache-Control", "")
    assert (kept == "no-store") == (key not in OF_NOBODY)


@pytest.mark.django_db
def test_sign_in_refusals_and_exports_are_not_kept_either(client):
    asked = [reverse("account_login"), reverse("staff:crm:enterprise_list")]
    client_answers = [client.get(url) for url in asked]
    client.force_login(UserFactory(roles=[Role.LEADER]))
    client_answers.append(client.get(asked[1] + "?format=xlsx"))
    client_answers.append(client.get("/work/no-such-page/"))
    assert {one.headers["Cache-Control"] for one in client_answers} == {"no-store"}

"""Redis gone, the broker gone, the broker silent: a request answers in time and loses nothing."""

import socket
import time

import pytest
from celery import Celery
from django.core.cache import caches
from django.urls import reverse

from crm.common.db.caches import RedisOrDatabaseCache
from crm.common.outbox import doorbell, events
from crm.common.outbox.models import EventReceipt
from crm.common.people.enums import Role
from tests.common.factories import UserFactory

PASSWORD = "correct-horse-2024"
# Twice the patience, and room for a busy machine.
BOUND_SECONDS = 5


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def silent_port():
    """A server that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]


@pytest.fixture
def gone_port():
    return free_port()


@pytest.fixture(params=["gone", "silent"])
def port(request):
    return request.getfixturevalue(f"{request.param}_port")


def nothing():
    """Stands for a task; nobody will run it."""


@pytest.fixture(params=["redis", "amqp"])
def broker(request, port, monkeypatch):
    """The application with a broker that is gone or silent."""
    app = Celery("deaf", broker=f"{request.param}://127.0.0.1:{port}//", set_as_current=False)
    app.task(nothing, name="test.nothing")
    monkeypatch.setattr(events, "TASK", "test.nothing")
    monkeypatch.setattr(doorbell, "current_app", app)
    monkeypatch.setattr(doorbell.BELL, "rests_until", 0.0)


@pytest.fixture
def heard(kept_registries):
    """Somebody who listens to an event."""
    calls = []

    @events.subscribe("test.rang")
    def listen(payload):
        calls.append(payload)

    return calls


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_does_not_hear_holds_nobody_and_nothing_is_lost(broker, heard, caplog):
    began = time.monotonic()
    for number in range(5):
        events.publish("test.rang", {"n": number})
    assert time.monotonic() - began < BOUND_SECONDS
    assert doorbell.BELL.rests_until > began
    assert "The broker does not hear" in caplog.text
    assert any(word in caplog.text.lower() for word in ("refused", "timed out", "timeout"))
    assert EventReceipt.objects.count() == 5
    assert events.dispatch_pending() == 5
    assert [call["n"] for call in heard] == [0, 1, 2, 3, 4]


@pytest.fixture
def lost_redis(port, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "crm.common.db.caches.RedisOrDatabaseCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
        }
    }
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/300s/key"}
    assert isinstance(caches["default"], RedisOrDatabaseCache)


@pytest.fixture
def person(db):
    user = UserFactory(roles=[Role.AGENT])
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client, person, password):
    data = {"login": person.username, "password": password}
    return client.post(reverse("account_login"), data)


def test_signing_in_works_and_locks_out_without_redis(client, person, lost_redis):
    began = time.monotonic()
    assert enter(client, person, PASSWORD).status_code == 302
    client.logout()
    for _try in range(3):
        assert enter(client, person, "wrong").status_code == 200
    assert enter(client, person, PASSWORD).status_code != 302
    assert time.monotonic() - began < BOUND_SECONDS


def test_the_table_keeps_what_redis_would(db, lost_redis):
    cache = caches["default"]
    assert cache.add("a", 1, 60) is True
    assert cache.add("a", 2, 60) is False
    assert cache.get("a") == 1
    cache.set("b", [1.5], 60)
    assert cache.get("b") == [1.5]
    assert cache.touch("b", 60) is True
    assert cache.delete("b") is True
    assert cache.get("b", "none") == "none"
    cache.clear()
    assert cache.get("a") is None


def test_redis_is_asked_again_after_a_rest(db, lost_redis, monkeypatch):
    cache = caches["default"]
    cache.set("a", 1, 60)
    assert cache.rests_until > time.monotonic()
    cache.rests_until = 0.0
    monkeypatch.setattr(cache, "redis", caches.create_connection("default").database)
    cache.set("a", 2, 60)
    assert cache.rests_until == 0.0
    assert cache.get("a") == 2

"""The life of an import: stored, and taken back by one person once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.records.transitions import StaleMove, history
from profiles.models import ImportBatch, Observation
from profiles.services import roll_back_batch
from tests.crm.factories import AT, acting, staff
from tests.profiles.test_past import City

pytestmark = pytest.mark.django_db
HAS_ROW_LOCKS = "postgresql" in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture
def city():
    return City()


def _post(client, batch, **data):
    return client.post(
        reverse("staff:profiles:batch_move", args=[batch.pk, "roll_back"]), data, follow=True
    )


def test_an_import_is_logged_from_its_first_day(city):
    batch = city.bring(0, 5)
    roll_back_batch(
        actor=acting(staff(Role.HANDLER, department=batch.department)),
        batch=batch,
        reason="报错了",
        at=AT,
    )
    moves = [(row.move, row.to_state, row.reason) for row in history(batch).order_by("pk")]
    assert moves == [("begin", "imported", ""), ("roll_back", "rolled_back", "报错了")]


def test_the_page_offers_the_move_to_the_department_and_asks_why(city, client):
    batch = city.bring(0, 5)
    page = reverse("staff:profiles:import_detail", args=[batch.pk])
    move = reverse("staff:profiles:batch_move", args=[batch.pk, "roll_back"])
    for role, status in ((Role.AGENT, 404), (Role.AUDITOR, 403)):
        client.force_login(staff(role))
        assert move not in client.get(page).content.decode()
        assert _post(client, batch, version=batch.version, reason="错").status_code == status
    client.force_login(staff(Role.HANDLER, department=city.department))
    assert move in client.get(page).content.decode()
    assert _post(client, batch, version=batch.version).status_code == 422
    assert _post(client, batch, version=batch.version, reason="报错了").status_code == 200
    batch.refresh_from_db()
    assert batch.status == "rolled_back"
    assert move not in client.get(page).content.decode()


def test_what_a_newer_import_corrected_is_named_before_anybody_tries(city, client):
    first, newer = city.bring(0, 5), city.bring(0, 7)
    client.force_login(staff(Role.HANDLER, department=city.department))
    page = reverse("staff:profiles:import_detail", args=[first.pk])
    assert newer.name in client.get(page).content.decode()
    answered = _post(client, first, version=first.version, reason="报错了")
    assert answered.status_code == 409
    assert newer.name in answered.content.decode()


def test_whoever_comes_second_with_an_old_page_is_told_who_was_first(city, client):
    batch = city.bring(0, 5)
    opened = batch.version
    first = staff(Role.HANDLER, department=city.department)
    roll_back_batch(actor=acting(first), batch=batch, reason="报错了", at=AT, version=opened)
    client.force_login(staff(Role.HANDLER, department=city.department))
    answered = _post(client, batch, version=opened, reason="我也看到了")
    assert answered.status_code == 409
    assert first.display_name in answered.content.decode()


@pytest.mark.services
@pytest.mark.skipif(not HAS_ROW_LOCKS, reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_an_import_back_at_once_one_wins_and_the_other_is_told(city):
    city.bring(0, 3)
    batch = city.bring(0, 5)
    people = [
        acting(staff(Role.HANDLER, department=batch.department)),
        acting(staff(Role.HANDLER, department=batch.department)),
    ]

    def take_back(actor):
        try:
            own = ImportBatch.objects.select_related("department").get(pk=batch.pk)
            roll_back_batch(actor=actor, batch=own, reason="报错了", at=AT, version=batch.version)
        except StaleMove as told:
            return str(told)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as pool:
        won, told = sorted(pool.map(take_back, people))
    assert won == ""
    assert history(batch).filter(move="roll_back").get().actor.display_name in told
    assert [row.number_e4 for row in Observation.objects.current()] == [30_000]

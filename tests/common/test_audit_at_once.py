"""The audit under many hands: overlapping transactions on PostgreSQL, and its own refusals."""

import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import DatabaseError, connection, transaction

from crm.common.records import audit, chain
from crm.common.records.models import AuditEvent, AuditSeal, AuditSheet
from tests.common.factories import UserFactory, actor_of
from tests.migrations import check_now, migrated, run_operations

TRANSACTIONS, HANDS = 1000, 8
REFUSALS = "crm.common.migrations.0002_append_only"


@pytest.fixture
def refusals(db):
    if not migrated():
        run_operations(REFUSALS)


@pytest.mark.django_db(transaction=True)
def test_a_thousand_overlapping_transactions_never_raise_an_alarm(on_postgresql):
    if not on_postgresql:
        pytest.skip("SQLite lets one transaction write at a time")
    user = UserFactory()
    actor, done, alarms = actor_of(user), threading.Event(), []

    def act(number):
        chance = Random(number)
        try:
            with transaction.atomic():
                for step in range(chance.randint(1, 4)):
                    audit.record("test.act", actor=actor, target=user, after={"n": step})
                    done.wait(chance.random() / 500)
                if chance.random() < 0.2:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            return 0
        finally:
            connection.close()
        return 1

    def watch():
        while not done.is_set():
            head = chain.current_head()
            chain.seal()
            report = chain.verify(head)
            if not report.is_sound:
                alarms.append(report)
        connection.close()

    with ThreadPoolExecutor(HANDS + 2) as pool:
        watchers = [pool.submit(watch), pool.submit(watch)]
        committed = sum(pool.map(act, range(TRANSACTIONS)))
        done.set()
        for watcher in watchers:
            watcher.result()
    assert alarms == []
    assert 700 < committed < 900
    chain.seal_all()
    report = chain.verify()
    assert report.is_sound
    assert report.sealed == AuditEvent.objects.count() > committed
    assert AuditSheet.objects.count() <= 4 * HANDS


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_began_first_and_ends_last_is_sealed_later(on_postgresql):
    if not on_postgresql:
        pytest.skip("SQLite lets one transaction write at a time")
    user = UserFactory()
    wrote, sealed = threading.Event(), threading.Event()

    def slow():
        try:
            with transaction.atomic():
                audit.record("test.slow", actor=actor_of(user), target=user)
                wrote.set()
                sealed.wait(10)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(slow)
        wrote.wait(10)
        audit.record("test.quick", actor=actor_of(user), target=user)
        assert chain.seal() == 1
        sealed.set()
        job.result()
    assert chain.verify().is_sound
    assert chain.seal() == 1
    assert chain.verify().is_sound
    slow_row, quick_row = (
        AuditEvent.objects.get(verb=f"test.{verb}") for verb in ("slow", "quick")
    )
    assert slow_row.pk < quick_row.pk
    assert slow_row.seq > quick_row.seq


def _act():
    user = UserFactory()
    return audit.record("test.act", actor=actor_of(user), target=user)


def test_the_database_refuses_to_change_or_delete_a_row(refusals):
    row = _act()
    for change in (
        lambda: AuditEvent.objects.filter(pk=row.pk).update(verb="test.other"),
        lambda: AuditEvent.objects.filter(pk=row.pk).delete(),
        lambda: AuditEvent.objects.filter(pk=row.pk).update(id=-1),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_the_database_lets_a_row_be_sealed_once(refusals):
    row = _act()
    assert chain.seal() == 1
    for change in (
        lambda: AuditEvent.objects.filter(pk=row.pk).update(chain_hash="0" * 64),
        lambda: AuditSeal.objects.update(head="0" * 64),
        lambda: AuditSeal.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert chain.verify().is_sound


def test_the_database_refuses_truncate(on_postgresql, refusals):
    if not on_postgresql:
        pytest.skip("SQLite has no TRUNCATE")
    _act()
    check_now()
    for table in ("common_auditevent", "common_auditseal", "common_transition"):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table} CASCADE")

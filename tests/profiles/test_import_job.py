"""An import while it runs: it says how far it is, can be stopped, and is one worker's alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from crm.common.days import clock
from crm.common.db.aside import ASIDE
from crm.common.outbox import claims, jobs
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.models import Department
from crm.services import load_reference
from profiles.models import ColumnMapping, ImportBatch, Observation, UnknownEnterprise
from profiles.services import importing, load_indicators, recording
from profiles.tasks import IMPORT
from tests.common.factories import UserFactory
from tests.crm.factories import AT, EnterpriseFactory, acting, staff
from tests.profiles.test_import import bring_in, sheet

pytestmark = pytest.mark.django_db
COUNT = 6


@pytest.fixture
def tax(monkeypatch):
    """The tax office, and parts so small that a short table has several."""
    load_reference()
    load_indicators()
    monkeypatch.setattr(recording, "CHUNK", 4)
    monkeypatch.setattr(recording.Course.parts, "__defaults__", (4,))
    return Department.objects.get(code="swj")


@pytest.fixture
def handler(tax):
    return staff(Role.HANDLER, department=tax)


def sent(client, tax, handler, firms):
    """Send a table of all firms from the page; return its waiting job."""
    client.force_login(handler)
    content = sheet([[firm.uscc, firm.name, 100, 200] for firm in firms])
    answer = client.post(
        reverse("staff:profiles:import_create"),
        {"department": tax.pk, "file": importing.SimpleUploadedFile("税务.xlsx", content)},
    )
    assert answer.status_code == 302
    return Job.objects.get(key=IMPORT)


@pytest.fixture
def between(monkeypatch):
    """Let a test do something after the first part is stored."""
    acts, told = [], []
    beat = jobs.JobHandle.progress

    def progress(self, percent, message=""):
        told.append((percent, message, Observation.objects.count()))
        if told[-1][2] and acts:
            acts.pop()(self)
        beat(self, percent, message)

    monkeypatch.setattr(jobs.JobHandle, "progress", progress)
    monkeypatch.setattr(jobs, "ring", lambda task, *args: None)
    return acts, told


def nothing_is_left():
    kept = (ImportBatch, Observation, UnknownEnterprise, ColumnMapping)
    return not any(model.objects.exists() for model in kept)


def test_it_says_how_far_it_is_while_it_reads_checks_and_stores(client, tax, handler, between):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))
    jobs.run(str(job.pk))
    percents = [percent for percent, _message, _stored in between[1]]
    assert percents == sorted(percents)
    assert percents[0] == importing.READ
    assert {4, 8, 12} <= {stored for _percent, _message, stored in between[1]}
    assert [m for _p, m, stored in between[1] if stored] == [
        "4 / 12 条数据",
        "8 / 12 条数据",
        "12 / 12 条数据",
    ]
    job.refresh_from_db()
    assert (job.state, job.percent) == (WorkState.DONE, 100)


def test_corrections_and_equal_values_are_counted_as_well(tax):
    firms, told = EnterpriseFactory.create_batch(COUNT), []
    bring_in(tax, sheet([[firm.uscc, firm.name, 100, 200] for firm in firms]))

    class Listening(jobs.Unwatched):
        def progress(self, percent, message=""):
            told.append((percent, message))

    content = sheet([[firm.uscc, firm.name, 100, 300] for firm in firms])
    report = bring_in(tax, content, name="更正.xlsx", at=AT + timedelta(days=1), watch=Listening())
    assert (report.corrected, report.unchanged) == (COUNT, COUNT)
    assert told[-1] == (importing.STORED, "12 / 12 条数据")


def test_whoever_started_it_stops_it_between_two_parts_and_nothing_is_kept(
    client, tax, handler, between
):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))

    def stop(_handle):
        assert client.post(reverse("job_cancel", args=[job.pk])).status_code == 302

    between[0].append(stop)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == WorkState.CANCELLED
    assert nothing_is_left()


def test_a_stranger_does_not_stop_it(client, tax, handler, between):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))

    def try_to_stop(_handle):
        client.force_login(UserFactory())
        assert client.post(reverse("job_cancel", args=[job.pk])).status_code == 404

    between[0].append(try_to_stop)
    jobs.run(str(job.pk))
    assert Observation.objects.count() == 2 * COUNT


def test_what_lost_its_claim_between_two_parts_keeps_nothing(client, tax, handler, between):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))
    others = []

    def lapse(_handle):
        Job.objects.filter(pk=job.pk).update(due_at=clock.machine_now() - timedelta(seconds=1))
        others.extend(claims.claim(Job.objects.all(), jobs.TERMS, [job.pk]))

    between[0].append(lapse)
    jobs.run(str(job.pk))
    assert len(others) == 1
    # The test's own transaction holds the second claim; the first worker's writes are gone.
    assert nothing_is_left()
    job.refresh_from_db()
    assert job.result is None


def test_the_lease_is_renewed_between_the_parts(client, tax, handler, between):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))

    def nearly_lapse(handle):
        soon = clock.machine_now() + timedelta(seconds=1)
        Job.objects.filter(pk=job.pk).update(due_at=soon)
        between[0].append(look)

    def look(_handle):
        left = Job.objects.get(pk=job.pk).due_at - clock.machine_now()
        assert left > jobs.TERMS.lease - timedelta(seconds=30)

    between[0].append(nearly_lapse)
    jobs.run(str(job.pk))
    assert between[0] == []
    job.refresh_from_db()
    assert job.state == WorkState.DONE, job.message


def test_the_same_table_sent_twice_is_stored_once(client, tax, handler, monkeypatch):
    firm = EnterpriseFactory()
    content = sheet([[firm.uscc, firm.name, 1, 2]])
    checked = importing.read_file

    def meanwhile(**words):
        monkeypatch.setattr(importing, "read_file", checked)
        bring_in(tax, content)
        return checked(**words)

    monkeypatch.setattr(importing, "read_file", meanwhile)
    report = bring_in(tax, content, actor=acting(handler))
    assert report.already_imported
    assert report.batch_id == ImportBatch.objects.get().pk


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="two writers at once need PostgreSQL",
)
def test_another_worker_sees_the_renewed_lease_of_an_open_transaction(
    client, tax, handler, between
):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))
    half, looked, seen = Event(), Event(), {}

    def lapse(_handle):
        past = clock.machine_now() - timedelta(seconds=1)
        Job.objects.using(ASIDE).filter(pk=job.pk).update(due_at=past)
        between[0].append(meet)

    def meet(_handle):
        half.set()
        assert looked.wait(timeout=20)

    def other():
        try:
            assert half.wait(timeout=20)
            row = Job.objects.get(pk=job.pk)
            seen["percent"], seen["stored"] = row.percent, Observation.objects.count()
            seen["rung"] = jobs.requeue_stale()
            seen["claimed"] = claims.claim(Job.objects.all(), jobs.TERMS, [job.pk])
        finally:
            looked.set()
            connection.close()

    between[0].append(lapse)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(other)
        jobs.run(str(job.pk))
        answer.result()
    assert (seen["stored"], seen["rung"], seen["claimed"]) == (0, 0, [])
    assert importing.CHECKED < seen["percent"] < importing.STORED
    job.refresh_from_db()
    assert (job.state, job.attempts) == (WorkState.DONE, 1)
    assert Observation.objects.count() == 2 * COUNT


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "postgresql" not in settings.DATABASES["default"]["ENGINE"],
    reason="two writers at once need PostgreSQL",
)
def test_what_another_worker_took_over_is_not_committed(client, tax, handler, between):
    job = sent(client, tax, handler, EnterpriseFactory.create_batch(COUNT))

    def take_over():
        past = clock.machine_now() - timedelta(seconds=1)
        try:
            Job.objects.filter(pk=job.pk).update(due_at=past)
            return claims.claim(Job.objects.all(), jobs.TERMS, [job.pk])
        finally:
            connection.close()

    def in_another_worker(_handle):
        with ThreadPoolExecutor(1) as pool:
            assert len(pool.submit(take_over).result()) == 1

    between[0].append(in_another_worker)
    jobs.run(str(job.pk))
    assert nothing_is_left()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (WorkState.RUNNING, 2)

"""Old exports and leftovers of failed uploads go; what belongs to a record stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from crm.common.days import clock
from crm.common.face.lists.export import PURPOSE
from crm.common.people.actor import system_actor
from crm.common.records import files, leftovers
from crm.common.records.leftovers import Cleared, clear_leftovers
from crm.common.records.models import AuditEvent, StoredFile
from crm.common.tasks import clear_leftovers as task
from profiles.tasks import UPLOAD
from tests.common.factories import UserFactory, actor_of

pytestmark = pytest.mark.django_db
KEEP = timedelta(days=30)
NOW = clock.now()


def stored(purpose=PURPOSE, days=31, target=None, user=None):
    return files.store_file(
        actor=actor_of(user or UserFactory()),
        upload=SimpleUploadedFile("清单.csv", "甲,乙".encode()),
        purpose=purpose,
        at=NOW - timedelta(days=days),
        target=target,
    )


def aged(name, days=31):
    """Let a file in the storage be some days old."""
    then = (clock.machine_now() - timedelta(days=days)).timestamp()
    os.utime(default_storage.path(name), (then, then))


def cleared(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        return clear_leftovers(actor=system_actor("clear_leftovers"), at=NOW, keep=KEEP)


@pytest.fixture
def clear(django_capture_on_commit_callbacks):
    return lambda: cleared(django_capture_on_commit_callbacks)


def told():
    rows = AuditEvent.objects.filter(verb="file.clear")
    return sorted((row.target_id, row.after["why"]) for row in rows)


@pytest.mark.parametrize("purpose", [PURPOSE, UPLOAD])
def test_a_passing_file_goes_after_its_days_with_its_bytes(clear, purpose):
    old, young = stored(purpose), stored(purpose, days=29)
    assert clear() == Cleared(1, 0, 0, 0)
    assert list(StoredFile.objects.all()) == [young]
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(young.file.name)
    assert told() == [(str(old.pk), "kept long enough")]
    assert clear() == Cleared(0, 0, 0, 0)


def test_what_belongs_to_a_record_stays_whatever_its_age(clear):
    person = UserFactory()
    kept = [stored("issue.photo", days=900, target=person), stored(days=900, target=person)]
    other = stored("kept.for.something", days=900)
    assert clear() == Cleared(0, 0, 0, 0)
    assert set(StoredFile.objects.all()) == {*kept, other}
    assert all(default_storage.exists(row.file.name) for row in [*kept, other])


def test_a_file_whose_row_was_taken_back_goes(clear):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        row = stored(days=0)
        raise ZeroDivisionError
    assert default_storage.exists(row.file.name)
    assert clear() == Cleared(0, 0, 0, 0)
    aged(row.file.name)
    assert clear() == Cleared(0, 1, 0, 0)
    assert not default_storage.exists(row.file.name)
    assert told() == [(str(row.pk), "no row")]


def test_what_somebody_else_put_there_is_left_alone(clear):
    stored(days=0)
    folder = Path(default_storage.path(StoredFile.objects.get().file.name)).parent
    foreign = [folder / "说明.txt", folder.parents[2] / "documents.pdf"]
    for path in foreign:
        path.write_text("不是我们的")
        os.utime(path, (0, 0))
    assert clear() == Cleared(0, 0, 0, 0)
    assert all(path.exists() for path in foreign)


def test_a_row_whose_file_never_came_goes_unless_a_record_has_it(clear, caplog):
    nobodys, young, evidence = (
        stored("kept.for.something"),
        stored("kept.for.something", days=2),
        stored(target=UserFactory()),
    )
    for row in (nobodys, young, evidence):
        default_storage.delete(row.file.name)
    assert clear() == Cleared(0, 0, 1, 1)
    assert set(StoredFile.objects.all()) == {young, evidence}
    assert told() == [(str(nobodys.pk), "no file")]
    assert str(evidence.pk) in caplog.text


def test_many_go_in_parts(clear, monkeypatch):
    monkeypatch.setattr(leftovers, "PART", 2)
    for _number in range(5):
        stored()
    assert clear() == Cleared(5, 0, 0, 0)
    assert len(told()) == 5


def test_nothing_written_yet_is_no_error(clear):
    assert clear() == Cleared(0, 0, 0, 0)


def test_the_daily_task_asks_the_setting(settings):
    stored(days=5)
    task()
    assert StoredFile.objects.count() == 1
    settings.ANSHANG_KEEP_EXPORTS_DAYS = 4
    task()
    assert not StoredFile.objects.exists()
    assert AuditEvent.objects.get(verb="file.clear").actor_name == "clear_leftovers"


def test_its_address_is_then_unknown_to_its_owner(client, clear):
    person = UserFactory()
    row = stored(user=person)
    client.force_login(person)
    address = reverse("file_download", args=[row.pk])
    answer = client.get(address)
    assert answer.status_code == 200
    answer.close()
    clear()
    assert client.get(address).status_code == 404

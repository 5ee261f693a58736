"""The disk is full: whoever uploads or exports is told so, and nothing half written stays."""

import errno
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.urls import reverse

from crm.common.days import clock
from crm.common.face.lists import export
from crm.common.outbox import jobs
from crm.common.outbox.enums import WorkState
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.records.models import StoredFile
from crm.models import Department
from crm.services import load_reference
from issues.models import Issue
from profiles.services import load_indicators
from tests.crm.factories import EnterpriseFactory, acting, staff
from tests.issues.factories import Cast, picture
from tests.profiles.test_import import sheet

pytestmark = pytest.mark.django_db
SENTENCE = "服务器磁盘已满：这次没有保存任何内容。请告知系统管理员，腾出空间后再试。"


class FullStorage(FileSystemStorage):
    """A disk with room for half a file."""

    reason = errno.ENOSPC

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.read()
        path.write_bytes(data[: len(data) // 2])
        raise OSError(self.reason, "No space left on device")


class BrokenStorage(FullStorage):
    """A disk that cannot be read or written."""

    reason = errno.EIO


@pytest.fixture
def on(settings):
    def switch(storage):
        backend = {"BACKEND": f"{storage.__module__}.{storage.__qualname__}"}
        settings.STORAGES = {**settings.STORAGES, "default": backend}

    return switch


@pytest.fixture
def full(on):
    on(FullStorage)


def left(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_table_that_finds_no_room_is_told_at_its_field(client, full, settings):
    load_reference()
    load_indicators()
    tax = Department.objects.get(code="swj")
    client.force_login(staff(Role.HANDLER, department=tax))
    upload = SimpleUploadedFile("税务.xlsx", sheet([[EnterpriseFactory().uscc, "甲", 1, 2]]))
    form = {"department": tax.pk, "file": upload}
    answer = client.post(reverse("staff:profiles:import_create"), form)
    assert SENTENCE in answer.content.decode()
    assert (left(settings), StoredFile.objects.count(), Job.objects.count()) == ([], 0, 0)


def test_an_issue_whose_photo_finds_no_room_is_not_half_logged(client, full, settings):
    cast = Cast()
    client.force_login(cast.agent)
    typed = {
        "enterprise": cast.enterprise.pk,
        "subject": f"e:{cast.enterprise.pk}",
        "category": cast.category.pk,
        "verbatim": "路灯不亮。",
        "severity": "normal",
        "photos": [picture()],
    }
    answer = client.post(reverse("staff:issues:issue_log"), typed)
    assert SENTENCE in answer.content.decode()
    assert (left(settings), Issue.objects.count()) == ([], 0)


def test_an_export_that_finds_no_room_ends_with_the_sentence(full, settings):
    user = staff(Role.AGENT)
    params = {
        "key": "crm.enterprises",
        "query": "",
        "path": "/work/enterprises/",
        "user": user.pk,
        "language": "zh-hans",
    }
    job = jobs.start_job(export.JOB, actor=acting(user), params=params, at=clock.machine_now())
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message) == (WorkState.REFUSED, SENTENCE)
    assert left(settings) == []


def no_room(*_args, **_more):
    raise OSError(errno.ENOSPC, "No space left on device")


def no_room_beside(handler, *_args):
    handler.file.close()
    no_room()


def test_an_upload_too_large_for_memory_finds_no_room_while_it_is_read(
    client, monkeypatch, settings
):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", no_room_beside)
    client.force_login(Cast().agent)
    answer = client.post(reverse("staff:issues:issue_log"), {"photos": [picture()]})
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (507, True)


def test_a_sheet_written_at_once_finds_no_room(client, monkeypatch):
    monkeypatch.setattr(export, "xlsx_response", no_room)
    client.force_login(Cast().agent)
    answer = client.get(reverse("staff:crm:enterprise_list"), {"format": "xlsx"})
    assert (answer.status_code, SENTENCE in answer.content.decode()) == (507, True)


def test_a_broken_disk_is_not_called_a_full_one(on):
    on(BrokenStorage)
    with pytest.raises(OSError, match="No space") as caught:
        export.store_file(
            actor=acting(staff(Role.AGENT)), upload=picture(), purpose="x", at=clock.now()
        )
    assert caught.value.errno == errno.EIO

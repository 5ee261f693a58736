"""Files: what is refused and with which sentence, and who may fetch them."""

import io
import zipfile
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from crm.common.days.clock import SHANGHAI
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.records import files
from crm.common.records.files import FileRefused, attach, store_file
from crm.common.records.models import StoredFile
from tests.common.factories import UserFactory, actor_of

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def photo(size=(40, 30)):
    out = io.BytesIO()
    Image.new("RGB", size, "#2a7346").save(out, "JPEG")
    return out.getvalue()


def store(name, content, user=None, **more):
    upload = SimpleUploadedFile(name, content)
    return store_file(
        actor=actor_of(user or UserFactory()), upload=upload, purpose="test", at=AT, **more
    )


def test_a_photo_is_kept_as_it_came(tmp_path):
    row = store("车间.jpg", photo())
    assert row.media_type == "image/jpeg"
    with row.file.open("rb") as kept:
        assert kept.read() == photo()
    assert len(row.sha256) == 64


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("脚本.exe", b"MZ"),
        ("没有扩展名", b"abc"),
        ("空.pdf", b""),
        ("假的.jpg", b"<html>"),
        ("断的.png", b"\x89PNG\r\n\x1a\n" + b"0" * 50),
        ("坏的.xlsx", b"PK\x03\x04 not a zip"),
        ("页面.html", b"<script>"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(name, content):
    with pytest.raises(FileRefused, match=name):
        store(name, content)
    assert not StoredFile.objects.exists()


def test_a_file_over_the_limit_is_told_both_numbers(settings):
    settings.FILE_MAX_BYTES = 3 * 1024 * 1024
    with pytest.raises(FileRefused, match=r"4 MB.*3 MB"):
        store("大.pdf", b"%PDF-" + b"0" * (4 * 1024 * 1024))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(FileRefused, match="28 MB"):
        store("炸弹.xlsx", out.getvalue(), allowed=files.TABLES)


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_PIXELS", 100)
    with pytest.raises(FileRefused):
        store("大图.jpg", photo((50, 50)))


def test_the_uploader_sees_a_file_that_belongs_to_nothing_yet_and_a_stranger_does_not(client):
    user = UserFactory(roles=[Role.AGENT])
    row = store("车间.jpg", photo(), user)
    client.force_login(user)
    response = client.get(f"/files/{row.pk}/")
    assert b"".join(response.streaming_content) == photo()
    response.close()
    client.force_login(UserFactory(roles=[Role.LEADER]))
    assert client.get(f"/files/{row.pk}/").status_code == 404


def test_a_file_is_seen_by_whoever_sees_what_it_belongs_to(client):
    owner = UserFactory()
    row = store("清单.pdf", b"%PDF-1.7 test")
    attach([row], Job.objects.create(key="x", started_by=owner, created_at=AT))
    client.force_login(owner)
    response = client.get(f"/files/{row.pk}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 test"
    response.close()
    assert "attachment" in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"]
    client.force_login(UserFactory())
    assert client.get(f"/files/{row.pk}/").status_code == 404


def test_nobody_fetches_a_file_without_signing_in(client):
    row = store("车间.jpg", photo())
    assert client.get(f"/files/{row.pk}/").status_code == 302

"""Files: checked when they come in, served only to those who may see what they belong to."""

import hashlib
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from crm.common.errors import StorageFullError, UserFacingError, is_disk_full
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import StoredFile

MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
MAX_PIXELS = 60_000_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Extension -> (leading bytes any of which must stand at the start, media type).
KNOWN: dict[str, tuple[tuple[bytes, ...], str]] = {
    ".jpg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".jpeg": ((b"\xff\xd8\xff",), "image/jpeg"),
    ".png": ((b"\x89PNG\r\n\x1a\n",), "image/png"),
    ".webp": ((b"RIFF",), "image/webp"),
    ".pdf": ((b"%PDF-",), "application/pdf"),
    ".xlsx": ((b"PK\x03\x04",), _XLSX),
    ".docx": ((b"PK\x03\x04",), _DOCX),
    ".xls": ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",), "application/vnd.ms-excel"),
    ".csv": ((), "text/csv"),
    ".webm": ((b"\x1aE\xdf\xa3",), "audio/webm"),
    ".ogg": ((b"OggS",), "audio/ogg"),
    ".m4a": ((), "audio/mp4"),
    ".mp3": ((b"ID3", b"\xff\xfb", b"\xff\xf3"), "audio/mpeg"),
}
IMAGES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
DOCUMENTS = frozenset({".pdf", ".xlsx", ".docx", ".xls", ".csv"})
SOUNDS = frozenset({".webm", ".ogg", ".m4a", ".mp3"})
TABLES = frozenset({".xlsx", ".xls", ".csv"})
EVIDENCE = IMAGES | DOCUMENTS | SOUNDS
# Purposes of files that are kept for some days only (crm.common.records.leftovers).
PASSING: set[str] = set()


def passing(purpose: str) -> str:
    """Declare that files of a purpose are nobody's record and go after some days."""
    PASSING.add(purpose)
    return purpose


class FileRefused(UserFacingError):
    """The file cannot be taken; the sentence says why and what would do."""


def check_file(
    stream: IO[bytes], *, name: str, size: int, allowed: frozenset[str], max_bytes: int
) -> str:
    """Check size, extension, leading bytes and what is packed inside; return the media type.

    Raises FileRefused. The stream stands at its beginning afterwards.
    """
    extension = PurePath(name).suffix.lower()
    if extension not in allowed or extension not in KNOWN:
        raise FileRefused(
            _("“%(name)s” is not a kind of file we can take here. Use: %(kinds)s.")
            % {"name": name, "kinds": " ".join(sorted(allowed))}
        )
    if size > max_bytes:
        raise FileRefused(
            _("“%(name)s” has %(size)s MB; %(limit)s MB is the most. Make it smaller or split it.")
            % {"name": name, "size": size // 1048576, "limit": max_bytes // 1048576}
        )
    if size == 0:
        raise FileRefused(_("“%(name)s” is empty.") % {"name": name})
    magic, media_type = KNOWN[extension]
    stream.seek(0)
    start = stream.read(16)
    stream.seek(0)
    if magic and not start.startswith(magic):
        raise FileRefused(
            _("“%(name)s” is not what its ending says. Save it again as %(ending)s.")
            % {"name": name, "ending": extension}
        )
    _check_inside(stream, name, extension)
    stream.seek(0)
    return media_type


def _check_inside(stream: IO[bytes], name: str, extension: str) -> None:
    if extension in {".xlsx", ".docx"}:
        _check_archive(stream, name)
    if extension in IMAGES:
        try:
            with Image.open(stream) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise FileRefused(_("“%(name)s” has too many pixels.") % {"name": name})
                picture.verify()
        except (UnidentifiedImageError, OSError, SyntaxError, Image.DecompressionBombError):
            raise FileRefused(
                _("“%(name)s” cannot be read as a picture. Take it again.") % {"name": name}
            ) from None


def _check_archive(stream: IO[bytes], name: str) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
    except zipfile.BadZipFile:
        raise FileRefused(
            _("“%(name)s” is damaged. Open it in Excel or WPS and save it again.") % {"name": name}
        ) from None
    unpacked = sum(info.file_size for info in infos)
    packed = sum(info.compress_size for info in infos) or 1
    if unpacked > MAX_UNPACKED or (unpacked > 10_000_000 and unpacked / packed > MAX_RATIO):
        raise FileRefused(
            _("“%(name)s” unpacks to %(size)s MB: that is not a table we can open safely.")
            % {"name": name, "size": unpacked // 1048576}
        )


@transaction.atomic
def store_file(
    *,
    actor: Actor,
    upload: UploadedFile,
    purpose: str,
    at: datetime,
    target: models.Model | None = None,
    allowed: frozenset[str] = EVIDENCE,
    max_bytes: int | None = None,
    captured_at: datetime | None = None,
) -> StoredFile:
    """Check and keep one file as evidence of `target`; raises FileRefused, StorageFullError."""
    name = PurePath(upload.name or "").name[:200]
    media_type = check_file(
        upload,
        name=name,
        size=upload.size or 0,
        allowed=allowed,
        max_bytes=max_bytes or settings.FILE_MAX_BYTES,
    )
    row = StoredFile(
        name=name,
        media_type=media_type,
        size=upload.size or 0,
        sha256=_digest(upload),
        purpose=purpose,
        created_by_id=actor.user_id,
        created_at=at,
        captured_at=captured_at,
    )
    if target is not None:
        row.target = target
    _write(row, upload, PurePath(name).suffix.lower())
    row.save(force_insert=True)
    audit.record("file.store", actor=actor, target=row, after={"sha256": row.sha256})
    return row


def _write(row: StoredFile, upload: UploadedFile, ending: str) -> None:
    """Write the bytes; where the disk is full, what was written of them goes at once."""
    name = f"{row.pk}{ending}"
    try:
        row.file.save(name, upload, save=False)
    except OSError as problem:
        if not is_disk_full(problem):
            raise
        # The name is the row's own number: nobody else's file can bear it.
        row.file.storage.delete(row.file.field.generate_filename(row, name))
        raise StorageFullError from problem


def _digest(upload: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def attach(files: list[StoredFile], target: models.Model) -> None:
    """Tie files that were stored first to the record made after them."""
    for row in files:
        row.target = target
        row.save(update_fields=["target_type", "target_id"])


def files_of(target: models.Model, purpose: str | None = None) -> models.QuerySet[StoredFile]:
    """Return the files of a record, oldest first."""
    rows = StoredFile.objects.filter(
        target_type=ContentType.objects.get_for_model(type(target)), target_id=str(target.pk)
    )
    return rows.filter(purpose=purpose) if purpose else rows


def files_of_many(targets: Sequence[models.Model]) -> dict[str, list[StoredFile]]:
    """Return the files of records of one kind by key, oldest first, in one query."""
    found: dict[str, list[StoredFile]] = {str(target.pk): [] for target in targets}
    if targets:
        rows = StoredFile.objects.filter(
            target_type=ContentType.objects.get_for_model(type(targets[0])),
            target_id__in=list(found),
        )
        for row in rows.select_related("created_by"):
            found[row.target_id].append(row)
    return found


def get_visible_file(actor: Actor, file_id: Any) -> StoredFile:
    """Return a file whose target the actor may see, or its own upload; raises Http404."""
    row = StoredFile.objects.select_related("target_type").filter(pk=file_id).first()
    if row is None:
        raise Http404(_("There is no such file."))
    if row.target_type_id is None or row.target_type is None:
        if actor.user_id is not None and row.created_by_id == actor.user_id:
            return row
        raise Http404(_("There is no such file."))
    model = row.target_type.model_class()
    manager = getattr(model, "objects", None)
    visible = getattr(manager, "visible_to", None)
    if visible is None or not visible(actor).filter(pk=row.target_id).exists():
        raise Http404(_("There is no such file."))
    return row

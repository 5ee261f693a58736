"""Files nobody keeps: exports and handed-in tables past their days, what failed uploads left.

A file of a record is evidence and never cleared; one whose bytes are gone is told in the log.
"""

import logging
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePosixPath

from django.core.files.storage import Storage
from django.db import models, transaction

from crm.common.days.clock import machine_now
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.files import PASSING
from crm.common.records.models import StoredFile

logger = logging.getLogger(__name__)
FOLDER = "files"
PART = 500


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was cleared: files of passing purposes, files without a row, rows without a file.

    `missing` are rows of records whose file is gone: a matter for a person, with a backup.
    """

    passed: int
    without_row: int
    without_file: int
    missing: int


def clear_leftovers(*, actor: Actor, at: datetime, keep: timedelta) -> Cleared:
    """Delete what is older than `keep` and belongs to no record; every file is in the audit.

    A row goes before its bytes: what is interrupted is a file without a row, found next time.
    """
    old = StoredFile.objects.filter(created_at__lt=at - keep)
    passed = _delete(old.filter(purpose__in=PASSING, target_type=None), actor, "kept long enough")
    empty = _without_file()
    lost = [pk for pk, attached in empty if not attached]
    gone = [pk for pk, attached in empty if attached]
    if gone:
        logger.error("The bytes of %s files on record are gone, such as %s.", len(gone), gone[0])
    without_file = _delete(old.filter(pk__in=lost), actor, "no file")
    return Cleared(passed, _delete_without_row(actor, keep), without_file, len(gone))


def _delete(rows: models.QuerySet[StoredFile], actor: Actor, why: str) -> int:
    """Delete rows with their files, part by part."""
    keys, done = list(rows.values_list("pk", flat=True)), 0
    for start in range(0, len(keys), PART):
        with transaction.atomic():
            part = list(rows.select_for_update().filter(pk__in=keys[start : start + PART]))
            audit.record_many("file.clear", actor=actor, targets=part, after={"why": why})
            StoredFile.objects.filter(pk__in=[row.pk for row in part]).delete()
            for row in part:
                transaction.on_commit(partial(row.file.storage.delete, row.file.name or ""))
            done += len(part)
    return done


def _storage() -> Storage:
    return StoredFile._meta.get_field("file").storage  # type: ignore[union-attr]


def _folders(folder: str = FOLDER) -> Iterator[tuple[str, list[str]]]:
    """Yield every folder of ours in the storage with the names in it."""
    try:
        folders, names = _storage().listdir(folder)
    except FileNotFoundError:
        return
    yield folder, [f"{folder}/{name}" for name in names]
    for below in sorted(folders):
        yield from _folders(f"{folder}/{below}")


def _without_file() -> list[tuple[uuid.UUID, bool]]:
    """Return the rows whose bytes are not in the storage, and whether they belong to a record."""
    here = {name for _folder, names in _folders() for name in names}
    rows = StoredFile.objects.order_by().values_list("pk", "file", "target_type")
    return [(pk, target is not None) for pk, name, target in rows.iterator() if name not in here]


def _delete_without_row(actor: Actor, keep: timedelta) -> int:
    """Delete files of ours that no row names: their transaction was taken back."""
    storage, done = _storage(), 0
    for folder, names in _folders():
        known = set(
            StoredFile.objects.filter(file__startswith=f"{folder}/").values_list("file", flat=True)
        )
        for name in names:
            pk = _key_in(name)
            young = storage.get_modified_time(name) > machine_now() - keep
            if name in known or pk is None or young:
                continue
            with transaction.atomic():
                row = StoredFile(pk=pk)
                audit.record("file.clear", actor=actor, target=row, after={"why": "no row"})
                transaction.on_commit(partial(storage.delete, name))
            done += 1
    return done


def _key_in(name: str) -> uuid.UUID | None:
    """Return the key a file of ours was named by; what somebody else put there is left alone."""
    try:
        return uuid.UUID(PurePosixPath(name).name[:36])
    except ValueError:
        return None

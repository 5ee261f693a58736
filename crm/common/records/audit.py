"""Writing the audit; `crm.common.records.chain` seals and proves it.

Rows are appended in the transaction they describe. Whoever writes takes a sheet that nobody
else holds and fills its next lines, so nobody waits for anybody: a lock per event would cap the
whole system at some 190 acts a second. The sheet counts its lines under a keyed hash, and every
row carries a keyed hash of what it says and of its line: so a row that was changed, slipped in
or taken away is seen before it is sealed too.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from crm.common.days.clock import machine_now
from crm.common.people.actor import Actor
from crm.common.records.models import AuditEvent, AuditSheet

# A transaction that updates one row thousands of times grows slow with the square of it.
SHEET_ROWS = 1000


def keyed(purpose: str, *parts: object) -> str:
    """Return a hash that nobody can make without the key, which is not in the database."""
    text = json.dumps([purpose, *parts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = settings.AUDIT_SEAL_KEY.encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def masked(value: object) -> str:
    """Return a keyed hash of a personal value: equal values stay comparable, none is readable."""
    return "hmac:" + keyed("masked", str(value))[:24]


def record(
    verb: str,
    *,
    actor: Actor,
    target: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> AuditEvent:
    """Append one act to the audit, in the caller's transaction.

    Fields named in the target model's PERSONAL_FIELDS are stored as keyed hashes.
    """
    personal = frozenset(getattr(type(target), "PERSONAL_FIELDS", ()))
    row = AuditEvent(
        at=machine_now(),
        actor_id=actor.user_id,
        actor_name=actor.name if actor.is_system else "",
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        before=_clean(before, personal),
        after=_clean(after, personal),
        note=note,
    )
    _append([row])
    return row


def record_many(
    verb: str,
    *,
    actor: Actor,
    targets: Sequence[models.Model],
    after: dict[str, Any] | None = None,
) -> None:
    """Append the same act for many records in a few statements (bulk paths)."""
    at = machine_now()
    _append(
        [
            AuditEvent(
                at=at,
                actor_id=actor.user_id,
                actor_name=actor.name if actor.is_system else "",
                verb=verb,
                target_type=target._meta.label_lower,
                target_id=str(target.pk),
                after=_clean(after, frozenset(getattr(type(target), "PERSONAL_FIELDS", ()))),
            )
            for target in targets
        ]
    )


@contextmanager
def gathered() -> Iterator[None]:
    """Write the rows of many acts together at the end of the block, in the same transaction.

    A row whose act was rolled back to a savepoint inside the block is not written. Raises
    RuntimeError outside a transaction.
    """
    if _gathering.get() is not None:
        yield
        return
    if not connection.in_atomic_block:
        raise RuntimeError("gathered() belongs into the transaction of the acts it writes down")
    rows: list[tuple[AuditEvent, _Mark]] = []
    token = _gathering.set(rows)
    try:
        yield
    finally:
        _gathering.reset(token)
    standing = {id(hook[1]) for hook in connection.run_on_commit}
    _write([row for row, mark in rows if id(mark) in standing])


class _Mark:
    """Hangs on the hooks of a savepoint: the database layer drops it when that is rolled back."""

    def __call__(self) -> None:
        """Do nothing at the commit."""


_gathering: ContextVar[list[tuple[AuditEvent, _Mark]] | None] = ContextVar(
    "audit_gathering", default=None
)


def _append(rows: list[AuditEvent]) -> None:
    """Write the rows now, or keep them for the end of `gathered()`."""
    held = _gathering.get()
    if held is None:
        _write(rows)
        return
    mark = _Mark()
    transaction.on_commit(mark)
    held.extend((row, mark) for row in rows)


@transaction.atomic(savepoint=False)
def _write(rows: list[AuditEvent]) -> None:
    """Give the rows their lines and write them."""
    waiting = rows
    while waiting:
        sheet = _take_sheet()
        written, waiting = (waiting[: SHEET_ROWS - sheet.rows], waiting[SHEET_ROWS - sheet.rows :])
        for line, row in enumerate(written, start=sheet.rows + 1):
            row.sheet, row.line = sheet.pk, line
            row.content_hash = content_hash(row)
        count = sheet.rows + len(written)
        AuditSheet.objects.filter(pk=sheet.pk).update(
            rows=count, count_hash=count_hash(sheet.pk, count)
        )
        AuditEvent.objects.bulk_create(written, batch_size=500)


def _take_sheet() -> AuditSheet:
    """Return a sheet with room on it, held until the transaction ends; nobody is waited for."""
    free = AuditSheet.objects.select_for_update(skip_locked=True).filter(rows__lt=SHEET_ROWS)
    return free.order_by("pk").first() or AuditSheet.objects.create()


def count_hash(sheet: int, rows: int) -> str:
    """Return the keyed hash of how many lines of a sheet were written."""
    return keyed("sheet", sheet, rows)


def content_hash(row: AuditEvent) -> str:
    """Return the keyed hash of everything a row says, and of the line it was written on."""
    return keyed(
        "row",
        row.sheet,
        row.line,
        row.at.astimezone(UTC).isoformat(),
        row.actor_id,
        row.actor_name,
        row.verb,
        row.target_type,
        row.target_id,
        row.before,
        row.after,
        row.note,
    )


def _clean(values: dict[str, Any] | None, personal: frozenset[str]) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        str(key): masked(value) if key in personal and value not in (None, "") else _plain(value)
        for key, value in values.items()
    }


def _plain(value: Any) -> Any:
    """Return a value as every database gives it back: a fraction is kept as written."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    return str(value)

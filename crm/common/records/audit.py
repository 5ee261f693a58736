"""Writing, sealing and proving the audit.

Rows are appended in the transaction they describe. A sealer chains them in batches: a hash
per row over the row before, and a keyed seal per batch. A lock per event would cap the whole
system at some 190 acts a second; a batch seal costs one lock a minute.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import machine_now
from crm.common.people.actor import Actor
from crm.common.records.models import AuditEvent, AuditSeal


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check of the whole chain found; `broken_id` is the first row that fails."""

    rows: int
    sealed: int
    unsealed: int
    head: str
    broken_id: int | None = None
    problem: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether every row stands as it was written."""
        return self.broken_id is None and not self.problem


def masked(value: object) -> str:
    """Return a keyed hash of a personal value: equal values stay comparable, none is readable."""
    digest = hmac.new(settings.AUDIT_SEAL_KEY.encode(), str(value).encode(), hashlib.sha256)
    return "hmac:" + digest.hexdigest()[:24]


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
    row.content_hash = content_hash(row)
    row.save(force_insert=True)
    return row


def record_many(
    verb: str, *, actor: Actor, targets: list[models.Model], after: dict[str, Any] | None = None
) -> None:
    """Append the same act for many records in one statement (bulk paths)."""
    at = machine_now()
    rows = [
        AuditEvent(
            at=at,
            actor_id=actor.user_id,
            actor_name=actor.name if actor.is_system else "",
            verb=verb,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            after=after,
        )
        for target in targets
    ]
    for row in rows:
        row.content_hash = content_hash(row)
    AuditEvent.objects.bulk_create(rows, batch_size=500)


def content_hash(row: AuditEvent) -> str:
    """Return the hash of everything a row says."""
    parts = [
        row.at.timestamp(),
        row.actor_id,
        row.actor_name,
        row.verb,
        row.target_type,
        row.target_id,
        row.before,
        row.after,
        row.note,
    ]
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _clean(values: dict[str, Any] | None, personal: frozenset[str]) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        key: masked(value) if key in personal and value not in (None, "") else _plain(value)
        for key, value in values.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, models.Model):
        return value.pk
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def _link(previous: str, row: AuditEvent) -> str:
    return hashlib.sha256(f"{previous}:{row.pk}:{row.content_hash}".encode()).hexdigest()


def _seal(previous_seal: str, head: str, last_id: int) -> str:
    key = settings.AUDIT_SEAL_KEY.encode()
    return hmac.new(key, f"{previous_seal}:{head}:{last_id}".encode(), hashlib.sha256).hexdigest()


@transaction.atomic
def seal(*, batch: int = 5000) -> int:
    """Chain the rows not sealed yet; return how many. Only one sealer works at a time."""
    last = AuditSeal.objects.select_for_update().order_by("-id").first()
    after_id = last.last_id if last else 0
    rows = list(AuditEvent.objects.filter(pk__gt=after_id).order_by("pk")[:batch])
    if not rows:
        return 0
    head = last.head if last else ""
    for row in rows:
        row.chain_hash = head = _link(head, row)
    AuditEvent.objects.bulk_update(rows, ["chain_hash"], batch_size=500)
    AuditSeal.objects.create(
        first_id=rows[0].pk,
        last_id=rows[-1].pk,
        rows=len(rows),
        previous=last.seal if last else "",
        head=head,
        seal=_seal(last.seal if last else "", head, rows[-1].pk),
        sealed_at=machine_now(),
    )
    return len(rows)


def verify() -> VerifyReport:
    """Recompute the whole chain and name the first row that is not as it was written."""
    head, previous, sealed, last_id = "", "", 0, 0
    for entry in AuditSeal.objects.order_by("id"):
        count = 0
        rows = AuditEvent.objects.filter(pk__gt=last_id, pk__lte=entry.last_id).order_by("pk")
        for row in rows.iterator(chunk_size=2000):
            count += 1
            head = _link(head, row)
            if content_hash(row) != row.content_hash or row.chain_hash != head:
                return _report(sealed, head, row.pk, _("row %(id)s was changed") % {"id": row.pk})
        sealed += count
        if count != entry.rows:
            text = _("rows are missing between %(first)s and %(last)s") % {
                "first": entry.first_id,
                "last": entry.last_id,
            }
            return _report(sealed, head, entry.first_id, text)
        if entry.head != head or entry.seal != _seal(previous, head, entry.last_id):
            text = _("the seal of row %(id)s does not fit") % {"id": entry.last_id}
            return _report(sealed, head, entry.last_id, text)
        previous, last_id = entry.seal, entry.last_id
    for row in AuditEvent.objects.filter(pk__gt=last_id).order_by("pk").iterator(chunk_size=2000):
        if content_hash(row) != row.content_hash:
            return _report(sealed, head, row.pk, _("row %(id)s was changed") % {"id": row.pk})
    return _report(sealed, head, None, "")


def _report(sealed: int, head: str, broken_id: int | None, problem: str) -> VerifyReport:
    rows = AuditEvent.objects.count()
    return VerifyReport(
        rows=rows,
        sealed=sealed,
        unsealed=rows - sealed,
        head=head,
        broken_id=broken_id,
        problem=problem,
    )

"""Take an import back: its values are withdrawn, what others say stands again.

Nothing is un-written. Figures and snapshots of an earlier moment still count what was known then.
"""

from datetime import datetime

from django.db import transaction

from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import Transition
from profiles.enums import BatchStatus
from profiles.models import ImportBatch, Observation, ObservationConfirmation
from profiles.services.recording import CHUNK, Key
from profiles.states import BATCH_MACHINE

PART = 500


@BATCH_MACHINE.makes("roll_back")
@transaction.atomic
def roll_back_batch(
    *,
    actor: Actor,
    batch: ImportBatch,
    reason: str,
    at: datetime,
    version: int | None = None,
) -> Transition:
    """Take one batch back: of its values, what the other batches said last stands again.

    Raises MoveRefused when a later batch already corrected its values: take that one back
    first.
    """
    row = BATCH_MACHINE.apply(
        batch,
        "roll_back",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"rolled_back_at": at},
    )
    _withdraw(batch, at)
    audit.record("observations.roll_back", actor=actor, target=batch, note=reason)
    return row


def _withdraw(batch: ImportBatch, at: datetime) -> None:
    """Supersede the batch's standing values: by what other batches said last, or by nothing."""
    standing = {_key(row): row for row in batch.observations.current()}
    batch.observations.current().update(superseded_at=at)
    said = _last_said(set(standing))
    made = Observation.objects.bulk_create(
        [_again(old, source, at) for old, source in said.values()], batch_size=CHUNK
    )
    for key, new in zip(said, made, strict=True):
        standing[key].superseded_at, standing[key].superseded_by = at, new
    Observation.objects.bulk_update(
        [standing[key] for key in said], ["superseded_by"], batch_size=PART
    )


def _key(row: Observation) -> Key:
    return (row.enterprise_id, row.indicator_id, row.period_start, row.period_end, row.cumulative)


Source = Observation | ObservationConfirmation


def _last_said(wanted: set[Key]) -> dict[Key, tuple[Observation, Source]]:
    """Return the last word of the batches that count: the value, and who said it where.

    A batch speaks by a value of its own or by confirming one that was known.
    """
    found: dict[Key, tuple[Observation, Source]] = {}
    for indicator_id, start, end in sorted({key[1:4] for key in wanted}):
        span = {"indicator_id": indicator_id, "period_start": start, "period_end": end}
        own = Observation.objects.filter(
            **span, reasserts=None, batch__status=BatchStatus.IMPORTED
        ).select_related("batch")
        confirmed = ObservationConfirmation.objects.filter(
            **{f"observation__{name}": value for name, value in span.items()},
            batch__status=BatchStatus.IMPORTED,
        ).select_related("batch", "observation")
        words: list[tuple[Observation, Source]] = [(row, row) for row in own]
        words += [(row.observation, row) for row in confirmed]
        for value, source in sorted(words, key=_when):
            if _key(value) in wanted:
                found[_key(value)] = (value, source)
    return found


def _when(word: tuple[Observation, Source]) -> tuple[datetime, int]:
    batch = word[1].batch
    return batch.imported_at, batch.pk


def _again(old: Observation, source: Source, at: datetime) -> Observation:
    """Return a value said again now; batch, row and column of whoever said it are its source."""
    return Observation(
        enterprise_id=old.enterprise_id,
        indicator_id=old.indicator_id,
        period_start=old.period_start,
        period_end=old.period_end,
        cumulative=old.cumulative,
        number_e4=old.number_e4,
        text=old.text,
        batch_id=source.batch_id,
        row=source.row,
        column=source.column,
        recorded_at=at,
        reasserts_id=old.reasserts_id or old.pk,
    )

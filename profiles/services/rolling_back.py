"""Take an import back: its values are withdrawn, what it corrected is said again.

Nothing is un-written. Figures and snapshots of an earlier moment still count what was known then.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from profiles.enums import BatchStatus
from profiles.models import ImportBatch, Observation
from profiles.permissions import can_import
from profiles.services.recording import CHUNK

PART = 500


@transaction.atomic
def roll_back_batch(*, actor: Actor, batch: ImportBatch, reason: str, at: datetime) -> ImportBatch:
    """Take one batch back: from now on its values no longer count, those it corrected do.

    Raises UserFacingError when a later batch already corrected its values: take that one
    back first.
    """
    if not can_import(actor, batch.department):
        raise NotAllowedError(_("Handlers of the department and administrators may do this."))
    locked = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if locked.status != BatchStatus.IMPORTED:
        raise UserFacingError(_("This import was taken back already."))
    if not reason.strip():
        raise UserFacingError(_("Say why the import is taken back."))
    _refuse_if_corrected(locked)
    _withdraw(locked, at)
    locked.status, locked.rolled_back_at = BatchStatus.ROLLED_BACK, at
    locked.save(update_fields=["status", "rolled_back_at"])
    audit.record("observations.roll_back", actor=actor, target=locked, note=reason)
    return locked


def _refuse_if_corrected(batch: ImportBatch) -> None:
    """Refuse while another import still stands on this one's values."""
    later = (
        Observation.objects.filter(batch=batch, superseded_by__batch__status=BatchStatus.IMPORTED)
        .exclude(superseded_by__batch=batch)
        .select_related("superseded_by__batch")
        .first()
    )
    if later is not None and later.superseded_by is not None:
        raise UserFacingError(
            _("“%(name)s” has corrected values of this import. Take that one back first.")
            % {"name": later.superseded_by.batch.name}
        )


def _withdraw(batch: ImportBatch, at: datetime) -> None:
    """Supersede the batch's standing values: by what stood before them, or by nothing."""
    standing = {row.reasserts_id or row.pk: row for row in batch.observations.current()}
    batch.observations.current().update(superseded_at=at)
    before = Observation.objects.filter(superseded_by__batch=batch, superseded_by__reasserts=None)
    pairs = [
        (standing[old.superseded_by_id], old) for old in before if old.superseded_by_id in standing
    ]
    made = Observation.objects.bulk_create(
        [_again(old, at) for _withdrawn, old in pairs], batch_size=CHUNK
    )
    for (withdrawn, _old), new in zip(pairs, made, strict=True):
        withdrawn.superseded_at, withdrawn.superseded_by = at, new
    Observation.objects.bulk_update(
        [withdrawn for withdrawn, _old in pairs], ["superseded_by"], batch_size=PART
    )


def _again(old: Observation, at: datetime) -> Observation:
    """Return an old value said again now; its batch, row and column stay its source."""
    return Observation(
        enterprise_id=old.enterprise_id,
        indicator_id=old.indicator_id,
        period_start=old.period_start,
        period_end=old.period_end,
        cumulative=old.cumulative,
        number_e4=old.number_e4,
        text=old.text,
        batch_id=old.batch_id,
        row=old.row,
        column=old.column,
        recorded_at=at,
        reasserts_id=old.reasserts_id or old.pk,
    )

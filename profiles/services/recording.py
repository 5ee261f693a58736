"""Store values in bulk: equal ones are left alone, different ones supersede."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from django.db import transaction

from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import StoredFile
from crm.models import Department
from profiles.models import ImportBatch
from profiles.services.staging import Counts, Key, Said, Value, store_compared, store_new
from profiles.states import BATCH_MACHINE

__all__ = ["CHUNK", "Course", "Key", "Value", "record_values"]

CHUNK = 20_000
T = TypeVar("T")


@dataclass(slots=True)
class Course:
    """How many values of a batch are dealt with; `tell(done, total)` is called between parts.

    What it raises (the work is to stop, or is another's) takes everything back.
    """

    total: int
    tell: Callable[[int, int], None]
    done: int = 0

    def parts(self, rows: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
        """Yield the rows part by part, telling after each."""
        for start in range(0, len(rows), size):
            part = rows[start : start + size]
            yield part
            self.done += len(part)
            self.tell(self.done, self.total)


def _untold(done: int, total: int) -> None:
    """Tell nobody."""


@transaction.atomic
def record_values(
    *,
    actor: Actor,
    department: Department,
    name: str,
    sha256: str,
    values: Iterable[Value],
    at: datetime,
    file: StoredFile | None = None,
    tell: Callable[[int, int], None] = _untold,
) -> ImportBatch:
    """Store one batch of values; all or none. `tell(done, total)` is called between parts.

    A value that is known and equal is not stored again but confirmed, so that it outlives the
    batch it came from; one that differs supersedes the known one, which stays readable.
    """
    said = Said(values)
    batch = ImportBatch.objects.create(
        department=department,
        name=name,
        sha256=sha256,
        file=file,
        imported_at=at,
        imported_by_id=actor.user_id,
    )
    BATCH_MACHINE.begin(batch, actor=actor, at=at)
    counts, course, fresh = Counts(), Course(len(said), tell), said.fresh()
    for store, places in ((store_new, fresh), (store_compared, ~fresh)):
        for part in course.parts(np.flatnonzero(places).tolist()):
            store(said.part(part), batch, at, counts)
    batch.created, batch.corrected = counts.created, counts.corrected
    batch.unchanged, batch.rows = counts.unchanged, said.enterprises
    batch.save(update_fields=["created", "corrected", "unchanged", "rows"])
    audit.record(
        "observations.import",
        actor=actor,
        target=batch,
        after={"file": name, "created": batch.created, "corrected": batch.corrected},
    )
    return batch

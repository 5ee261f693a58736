"""Store values in bulk: equal ones are left alone, different ones supersede."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction

from crm.common.db.inserting import insert_many
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import StoredFile
from crm.models import Department
from profiles.models import ImportBatch, Observation, ObservationConfirmation
from profiles.states import BATCH_MACHINE

CHUNK = 2000
T = TypeVar("T")
Key = tuple[int, int, date, date, bool]


@dataclass(frozen=True, slots=True)
class Value:
    """One value ready to be stored; numbers in ten-thousandths of the indicator's unit."""

    enterprise_id: int
    indicator_id: int
    period_start: date
    period_end: date
    number_e4: int | None = None
    text: str = ""
    cumulative: bool = False
    row: int | None = None
    column: str = ""

    @property
    def key(self) -> Key:
        """What the value stands for."""
        return (
            self.enterprise_id,
            self.indicator_id,
            self.period_start,
            self.period_end,
            self.cumulative,
        )


@dataclass(slots=True)
class Course:
    """How many values of a batch are dealt with; `tell(done, total)` is called between parts.

    What it raises (the work is to stop, or is another's) takes everything back.
    """

    total: int
    tell: Callable[[int, int], None]
    done: int = 0

    def parts(self, rows: list[T], size: int = CHUNK) -> Iterator[list[T]]:
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
    wanted = {value.key: value for value in values}
    batch = ImportBatch.objects.create(
        department=department,
        name=name,
        sha256=sha256,
        file=file,
        imported_at=at,
        imported_by_id=actor.user_id,
    )
    BATCH_MACHINE.begin(batch, actor=actor, at=at)
    known = _known(wanted)
    new: list[Value] = []
    changed: list[tuple[Observation, Value]] = []
    equal: list[tuple[Observation, Value]] = []
    for key, value in wanted.items():
        before = known.get(key)
        if before is None:
            new.append(value)
        elif (before.number_e4, before.text) != (value.number_e4, value.text):
            changed.append((before, value))
        else:
            equal.append((before, value))
    course = Course(len(wanted), tell)
    for corrected in course.parts(changed, 500):
        _supersede(corrected, batch, at)
    for part in course.parts(new):
        insert_many(Observation, (_row(value, batch, at) for value in part))
    for same in course.parts(equal):
        _confirm(same, batch)
    batch.created, batch.corrected, batch.unchanged = len(new), len(changed), len(equal)
    batch.rows = len({value.enterprise_id for value in wanted.values()})
    batch.save(update_fields=["created", "corrected", "unchanged", "rows"])
    audit.record(
        "observations.import",
        actor=actor,
        target=batch,
        after={"file": name, "created": batch.created, "corrected": batch.corrected},
    )
    return batch


def _confirm(equal: list[tuple[Observation, Value]], batch: ImportBatch) -> None:
    ObservationConfirmation.objects.bulk_create(
        ObservationConfirmation(observation=known, batch=batch, row=value.row, column=value.column)
        for known, value in equal
    )


def _row(value: Value, batch: ImportBatch, at: datetime) -> Observation:
    return Observation(
        enterprise_id=value.enterprise_id,
        indicator_id=value.indicator_id,
        period_start=value.period_start,
        period_end=value.period_end,
        cumulative=value.cumulative,
        number_e4=value.number_e4,
        text=value.text,
        row=value.row,
        column=value.column,
        batch=batch,
        recorded_at=at,
    )


def _known(wanted: dict[Key, Value]) -> dict[Key, Observation]:
    """Return the current rows of what is wanted, one query per indicator and span."""
    spans = {(key[1], key[2], key[3]) for key in wanted}
    found: dict[Key, Observation] = {}
    for indicator_id, start, end in sorted(spans):
        rows = Observation.objects.current().filter(
            indicator_id=indicator_id, period_start=start, period_end=end
        )
        for row in rows.only(
            "enterprise_id",
            "indicator_id",
            "period_start",
            "period_end",
            "cumulative",
            "number_e4",
            "text",
        ):
            key = (row.enterprise_id, indicator_id, start, end, row.cumulative)
            if key in wanted:
                found[key] = row
    return found


def _supersede(changed: list[tuple[Observation, Value]], batch: ImportBatch, at: datetime) -> None:
    old = [before for before, _value in changed]
    Observation.objects.filter(pk__in=[row.pk for row in old]).update(superseded_at=at)
    made = Observation.objects.bulk_create(_row(value, batch, at) for _before, value in changed)
    for before, after in zip(old, made, strict=True):
        before.superseded_at, before.superseded_by = at, after
    Observation.objects.bulk_update(old, ["superseded_by"])

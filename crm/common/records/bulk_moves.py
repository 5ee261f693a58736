"""One move of many records in a few statements: each is judged on its locked row, none skips."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from crm.common.people.actor import Actor
from crm.common.records.models import Transition
from crm.common.records.transitions import Machine

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One record's move: when, why, and the columns that change together with the state."""

    obj: models.Model
    at: datetime
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def apply_many(
    machine: Machine,
    name: str,
    *,
    actor: Actor,
    steps: Iterable[Step],
    related: Sequence[str] = (),
    prefetched: Sequence[str] = (),
) -> None:
    """Make the same move of many records of one kind, all or none.

    Locks, judges and logs as `Machine.apply` does; `related` and `prefetched` are what the
    judging reads. The callers' copies follow. Raises what `Machine.check` raises.
    """
    move, given = machine.moves[name], list(steps)
    for start in range(0, len(given), CHUNK):
        part = given[start : start + CHUNK]
        rows = _locked(part, related, prefetched)
        log, columns = [], {machine.field}
        for step in part:
            row: Any = rows[step.obj.pk]
            machine.check(row, move, actor=actor, reason=step.reason)
            values = {machine.field: move.target, **step.changes}
            if hasattr(row, "updated_at"):
                values.setdefault("updated_at", step.at)
            if hasattr(row, "version"):
                values["version"] = row.version + 1
            log.append(machine.log_row(row, name, actor=actor, at=step.at, reason=step.reason))
            columns |= set(values)
            for column, value in values.items():
                setattr(row, column, value)
                setattr(step.obj, column, value)
        type(part[0].obj)._base_manager.bulk_update(list(rows.values()), sorted(columns))
        Transition.objects.bulk_create(log)


def _locked(
    steps: Sequence[Step], related: Sequence[str], prefetched: Sequence[str]
) -> dict[Any, models.Model]:
    manager = type(steps[0].obj)._base_manager
    # In one order, so that two who move many at once wait for each other instead of crossing.
    rows = manager.select_for_update(of=("self",)).order_by("pk")
    rows = rows.filter(pk__in=[step.obj.pk for step in steps])
    if related:
        rows = rows.select_related(*related)
    return {row.pk: row for row in rows.prefetch_related(*prefetched)}

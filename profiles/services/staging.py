"""Values of a batch as columns, and the statements that store a part of them at once.

What is known of a period already is judged by the database: values stand for a moment in a table
of the transaction, beside the observations they are compared with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from crm.common.db.inserting import defaults_of, insert_columns, load_table
from profiles.models import ImportBatch, Observation, ObservationConfirmation

Key = tuple[int, int, date, date, bool]
STAGED = "profiles_staged"
_KEY = ("enterprise_id", "indicator_id", "period_start", "period_end", "cumulative")
_SAID = (*_KEY, "number_e4", "text", "row", "column")
_SAME_KEY = " AND ".join(f"known.{name} = staged.{name}" for name in _KEY)
_TABLE = Observation._meta.db_table


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


Column = NDArray[Any]


class Said:
    """What a batch says, by columns: one value of a key, the last one that was given."""

    def __init__(self, values: Iterable[Value]) -> None:
        self.columns = _columns(values)
        kept = _last_of_each(self.columns)
        if len(kept) < len(self):
            self.columns = {name: column[kept] for name, column in self.columns.items()}

    def __len__(self) -> int:
        return len(self.columns["enterprise_id"])

    @property
    def enterprises(self) -> int:
        """How many enterprises it speaks of."""
        return len(np.unique(self.columns["enterprise_id"]))

    def fresh(self) -> NDArray[np.bool_]:
        """Say of each value whether nothing at all is known of its indicator and period.

        One question for each of these: a month that is reported for the first time needs no
        comparison.
        """
        pairs = np.stack([self.columns["indicator_id"], _days(self.columns["period_end"])], axis=1)
        spans, of_span = np.unique(pairs, axis=0, return_inverse=True)
        known = [
            Observation.objects.current()
            .filter(indicator_id=int(indicator), period_end=date.fromordinal(int(day)))
            .exists()
            for indicator, day in spans
        ]
        return ~np.array(known, bool)[of_span.reshape(-1)] if len(known) else np.zeros(0, bool)

    def part(self, places: Sequence[int]) -> dict[str, Any]:
        """Return the columns of some of its values, as a database takes them."""
        found = {name: column[places] for name, column in self.columns.items()}
        return {
            name: column.tolist() if column.dtype == object else column
            for name, column in found.items()
        } | {name: _iso(found[name]) for name in ("period_start", "period_end")}


def _columns(values: Iterable[Value], size: int = 50_000) -> dict[str, Column]:
    """Read values into columns part by part, so that a million need not stand as objects."""
    parts: dict[str, list[Column]] = {name: [] for name in _SAID}
    given = iter(values)
    while part := list(islice(given, size)):
        for name, kept in parts.items():
            kind = _KINDS.get(name, object)
            kept.append(np.array([getattr(value, name) for value in part], dtype=kind))
    return {
        name: np.concatenate(kept) if kept else np.zeros(0, _KINDS.get(name, object))
        for name, kept in parts.items()
    }


_KINDS = {"enterprise_id": np.int64, "indicator_id": np.int64, "cumulative": np.bool_}


def _days(days: Column) -> NDArray[np.int64]:
    """Return days as numbers; a file has few different ones."""
    number = {day: day.toordinal() for day in set(days.tolist())}
    return np.array([number[day] for day in days.tolist()], np.int64)


def _iso(days: Column) -> list[Any]:
    """Return days as the database reads them."""
    if connection.vendor == "postgresql":
        return list(days.tolist())
    text = {day: day.isoformat() for day in set(days.tolist())}
    return [text[day] for day in days.tolist()]


def _last_of_each(columns: dict[str, Column]) -> NDArray[np.int64]:
    """Return the places of the values that count, in the order they were given."""
    keys = [
        columns["cumulative"].astype(np.int64),
        _days(columns["period_end"]),
        _days(columns["period_start"]),
        columns["indicator_id"],
        columns["enterprise_id"],
    ]
    order = np.lexsort(keys)
    if not len(order):
        return order
    ordered = np.stack([key[order] for key in keys])
    last = np.append((ordered[:, 1:] != ordered[:, :-1]).any(axis=0), True)
    return np.sort(order[last])


@dataclass(slots=True)
class Counts:
    """What became of the values so far."""

    created: int = 0
    corrected: int = 0
    unchanged: int = 0


def store_new(part: dict[str, Any], batch: ImportBatch, at: datetime, counts: Counts) -> None:
    """Store values of which nothing is known."""
    size = len(part["row"])
    told = {name: [value] * size for name, value in _of_batch(batch, at).items()}
    counts.created += insert_columns(Observation, {**part, **told})


def store_compared(part: dict[str, Any], batch: ImportBatch, at: datetime, counts: Counts) -> None:
    """Store values that differ from what is known, and confirm those that do not."""
    _stage(part)
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        cursor.execute(f"SELECT COUNT(known_id), SUM(same) FROM {STAGED}")  # noqa: S608
        known, same = (int(count or 0) for count in cursor.fetchone())
        if known > same:
            cursor.execute(_SUPERSEDE, [_moment(at)])
        if len(part["row"]) > same:
            statement, values = _insert(batch, at)
            cursor.execute(statement, values)
        if known > same:
            cursor.execute(_LINK, [batch.pk])
        if same:
            cursor.execute(_CONFIRM, [batch.pk])
    counts.created += len(part["row"]) - known
    counts.corrected += known - same
    counts.unchanged += same


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _of_batch(batch: ImportBatch, at: datetime) -> dict[str, Any]:
    return {"batch_id": batch.pk, "recorded_at": _moment(at)}


def _stage(part: dict[str, Any]) -> None:
    """Put a part into the table beside the observations; it ends with the transaction."""
    ends = "ON COMMIT DROP" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE IF NOT EXISTS {STAGED} (enterprise_id bigint, "
            "indicator_id bigint, period_start date, period_end date, cumulative boolean, "
            'number_e4 bigint, text varchar(60), "row" integer, "column" varchar(4), '
            f"known_id bigint, same integer NOT NULL DEFAULT 0) {ends}"
        )
        cursor.execute(f"DELETE FROM {STAGED}")  # noqa: S608 - our own name
    load_table(STAGED, part)


# The number is missing exactly where there is a text, so that 0 may stand for it.
_COMPARE = f"""
    UPDATE {STAGED} AS staged SET known_id = known.id,
    same = CASE WHEN known.text = staged.text
      AND COALESCE(known.number_e4, 0) = COALESCE(staged.number_e4, 0) THEN 1 ELSE 0 END
    FROM {_TABLE} AS known WHERE {_SAME_KEY} AND known.superseded_at IS NULL"""  # noqa: S608
_SUPERSEDE = f"""
    UPDATE {_TABLE} SET superseded_at = %s
    WHERE id IN (SELECT known_id FROM {STAGED} WHERE same = 0)"""  # noqa: S608
_LINK = f"""
    UPDATE {_TABLE} SET superseded_by_id = known.id
    FROM {STAGED} AS staged JOIN {_TABLE} AS known ON {_SAME_KEY}
      AND known.superseded_at IS NULL AND known.batch_id = %s
    WHERE {_TABLE}.id = staged.known_id AND staged.same = 0"""  # noqa: S608
_CONFIRM = f"""
    INSERT INTO {ObservationConfirmation._meta.db_table} (observation_id, batch_id, "row", "column")
    SELECT known_id, %s, "row", "column" FROM {STAGED} WHERE same = 1"""  # noqa: S608


def _insert(batch: ImportBatch, at: datetime) -> tuple[str, list[Any]]:
    quote = connection.ops.quote_name
    said = ", ".join(quote(name) for name in _SAID)
    told = _of_batch(batch, at)
    told |= defaults_of(Observation, but=dict.fromkeys((*_SAID, *told), ()))
    # Nothing is said of the columns that stay empty: the database would not know their kind.
    told = {name: value for name, value in told.items() if value is not None}
    names = ", ".join([said, *(quote(name) for name in told)])
    marks = ", ".join(["%s"] * len(told))
    where = "known_id IS NULL OR same = 0"
    statement = f"INSERT INTO {_TABLE} ({names}) SELECT {said}, {marks} FROM {STAGED} WHERE {where}"  # noqa: S608
    return statement, list(told.values())

"""Snapshots: all features of all enterprises as of a day, in one immutable Parquet file.

Columnar from the observations to the file: a period of an indicator is read as two columns and
spread over the enterprises; windows are sums of such columns.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from crm.common.days.clock import day_start
from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.quantity import factor as factor_between
from crm.common.records import audit
from crm.selectors import register_as_of, standing_for
from profiles.enums import ValueType
from profiles.features import ATTRIBUTES, DERIVED, Feature, Window, catalogue
from profiles.features.derived import growth
from profiles.models import Consent, FeatureSnapshot, Indicator
from profiles.services.series import (
    Cells,
    Places,
    Series,
    Span,
    cells_of,
    days_of,
    read_span,
    scaled,
    spans_until,
    step_of,
)

FORMAT = 4
ENGINE = f"columns-{FORMAT}"
NUMBERS = {ValueType.DECIMAL, ValueType.INT, ValueType.BOOL}
DATED = "__on"
# Whether the enterprise consented to the use of its confidential data, on the snapshot's day.
CONSENT = "consent"
MANIFEST = b"anshang"


class SnapshotDamaged(UserFacingError):
    """The file of a snapshot is gone or is not what was written."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value of a snapshot. Numbers are integers of a ten-thousandth of their unit.

    `value` is None when the element is missing, or `withheld` because it is confidential and
    the enterprise has not consented to its use; `on` is the last day of its period and
    `source` the department it comes from.
    """

    value: int | str | bool | date | None
    unit: str = ""
    source: str = ""
    on: date | None = None
    withheld: bool = False


@transaction.atomic
def build_snapshot(*, actor: Actor, as_of: date, at: datetime) -> FeatureSnapshot:
    """Freeze every feature as known on a day; the same data gives the same snapshot."""
    table = _table(as_of)
    content = _hash(table, as_of)
    known = FeatureSnapshot.objects.filter(content_hash=content).first()
    if known:
        if _file_hash(known) != known.file_hash:
            known.file_hash = _write(table, as_of, content, known.path)
            known.save(update_fields=["file_hash"])
        return known
    path = str(Path("snapshots") / f"{as_of}-{content[:16]}.parquet")
    row = FeatureSnapshot.objects.create(
        as_of=as_of,
        content_hash=content,
        file_hash=_write(table, as_of, content, path),
        engine=ENGINE,
        path=path,
        rows=table.num_rows,
        columns=[name for name in table.column_names if not name.endswith(DATED)],
        created_at=at,
        created_by_id=actor.user_id,
    )
    audit.record("snapshot.build", actor=actor, target=row, after={"hash": content})
    return row


def _write(table: pa.Table, as_of: date, content: str, path: str) -> str:
    """Write the file with its manifest beside the one it replaces; return its hash."""
    manifest = {
        "as_of": str(as_of),
        "engine": ENGINE,
        "rows": table.num_rows,
        "columns": table.num_columns,
        "hash": content,
    }
    target = Path(settings.VAR_DIR) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    noted = table.replace_schema_metadata({MANIFEST: json.dumps(manifest).encode()})
    pq.write_table(noted, draft, compression="zstd")
    draft.replace(target)
    return _hash_of(target)


def _file_hash(snapshot: FeatureSnapshot) -> str:
    path = Path(settings.VAR_DIR) / snapshot.path
    return _hash_of(path) if path.is_file() else ""


def _hash_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@lru_cache(maxsize=16)
def _hash_of_version(path: Path, _changed: int, _size: int) -> str:
    return _hash_of(path)


def _checked(snapshot: FeatureSnapshot) -> Path:
    """Return the file of a snapshot; raises SnapshotDamaged unless it is what was written."""
    path = Path(settings.VAR_DIR) / snapshot.path
    if path.is_file():
        stat = path.stat()
        if _hash_of_version(path, stat.st_mtime_ns, stat.st_size) == snapshot.file_hash:
            return path
    raise SnapshotDamaged(
        _("The file of the snapshot of %(day)s is missing or was changed. Build it again.")
        % {"day": snapshot.as_of.isoformat()}
    )


class _Draft:
    """The columns of a snapshot while they are made."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.moment = day_start(as_of + timedelta(days=1))
        self.features = catalogue(as_of)
        self.register = register_as_of(as_of)
        self.places = Places(np.array(list(self.register), np.int64), standing_for(as_of))
        consents = set(Consent.objects.on(as_of).values_list("enterprise_id", flat=True))
        self.consent = np.array([pk in consents for pk in self.register], bool)
        self.columns: dict[str, pa.Array] = {
            "enterprise_id": pa.array(self.places.keys),
            CONSENT: pa.array(self.consent, pa.bool_()),
        }
        for key in ATTRIBUTES:
            name = key.removeprefix("enterprise.")
            given = [row.get(name) or None for row in self.register.values()]
            self.columns[key] = pa.array(given, pa.string())

    def enter(self, feature: Feature, cells: Cells) -> None:
        """Enter a column; confidential values of whoever has not consented never are."""
        known = cells.known & self.consent if feature.is_confidential else cells.known
        # What is not known leaves no trace, in the hash neither.
        on = np.where(known, cells.on, 0).astype(np.int32)
        if feature.value_type in NUMBERS:
            column = pa.array(np.where(known, cells.values, 0), pa.int64(), mask=~known)
        elif feature.window is Window.SINCE:
            column = pa.array(on, pa.date32(), mask=~known).cast(pa.string())
        else:
            texts = cells.values.astype(object)
            texts[~known] = None
            column = pa.array(texts.tolist(), pa.string())
        self.columns[feature.key] = column
        self.columns[feature.key + DATED] = pa.array(on, pa.date32(), mask=~known)


def _table(as_of: date) -> pa.Table:
    draft = _Draft(as_of)
    spans = spans_until(as_of)
    revised = _revised()
    by_indicator: dict[int, dict[Window, Feature]] = {}
    for feature in draft.features.values():
        if feature.window is not None and feature.indicator_id is not None:
            by_indicator.setdefault(feature.indicator_id, {})[feature.window] = feature
    for indicator_id, features in by_indicator.items():
        usual = next(iter(features.values()))
        series = _series(draft, usual, spans.get(indicator_id, []), revised)
        found: dict[Window, Cells] = {
            w: cells_of(series, one) for w, one in features.items() if w is not Window.GROWTH
        }
        for window, feature in features.items():
            draft.enter(feature, _growth(found) if window is Window.GROWTH else found[window])
    _derive(draft)
    return pa.table(draft.columns)


def _series(
    draft: _Draft, usual: Feature, spans: list[Span], revised: dict[int, Indicator]
) -> Series:
    """Read the periods of an indicator whose length is that of its rhythm, in today's unit."""
    assert usual.indicator_id is not None
    step = step_of(usual.period)
    series = Series(len(draft.places.keys), step or 1, draft.as_of)
    number = usual.value_type in NUMBERS
    for place, span in enumerate(spans):
        factor: Any = 1
        if usual.indicator_id in revised:
            meaning = revised[usual.indicator_id].on(span.start)
            unlike = (meaning.value_type in NUMBERS) != number
            factor = None if unlike else factor_between(meaning.unit, usual.unit)
        if factor is None or (step and span.months != step):
            continue
        ids, values = read_span(usual.indicator_id, span, draft.moment, text=not number)
        values = scaled(values, factor) if number else values
        if not step:
            # A value of a day has no month of its own: several may stand in one.
            series.periods[place], series.ends[place] = (
                draft.places.of(ids, values),
                days_of(span.end),
            )
        else:
            series.add(span, *draft.places.of(ids, values))
    return series


def _revised() -> dict[int, Indicator]:
    """Return the indicators with more than one version: their units may have changed."""
    several = Indicator.objects.annotate(count=Count("versions")).filter(count__gt=1)
    return several.with_versions().in_bulk()


def _growth(found: dict[Window, Cells]) -> Cells:
    """Return the growth between two windows, over a base above zero."""
    yearly = Window.YTD not in found
    now = found[Window.LAST_YEAR if yearly else Window.YTD]
    before = found[Window.YEAR_BEFORE if yearly else Window.YTD_BEFORE]
    cells = Cells.empty(len(now.values))
    cells.on = now.on
    for place in np.flatnonzero(now.known & before.known & (before.values > 0)).tolist():
        grown = growth(int(now.values[place]), int(before.values[place]))
        if grown is not None and abs(grown) < 2**63:
            cells.values[place], cells.known[place] = grown, True
    return cells


def _derive(draft: _Draft) -> None:
    """Add what follows from the columns that are there."""
    for one in DERIVED:
        feature = draft.features.get(one.key)
        if feature is None:
            continue
        given = {key: draft.columns[key].to_pylist() for key in one.of if key in draft.columns}
        rows = (dict(zip(given, row, strict=True)) for row in zip(*given.values(), strict=True))
        made = [one.make(row, draft.as_of) for row in rows]
        if feature.value_type == ValueType.BOOL:
            made = [None if fact is None else int(fact) * 10_000 for fact in made]
        kind = pa.int64() if feature.value_type in NUMBERS else pa.string()
        draft.columns[one.key] = pa.array(made, kind)
        on = [None if fact is None else draft.as_of for fact in made]
        draft.columns[one.key + DATED] = pa.array(on, pa.date32())


class _Digest:
    """Where a table is written to be hashed: nothing of it is kept."""

    closed = False

    def __init__(self, start: str) -> None:
        self.digest = hashlib.sha256(start.encode())

    def write(self, data: Any) -> int:
        """Take a part of the stream."""
        self.digest.update(data)
        return len(data)

    def flush(self) -> None:
        """Keep nothing back."""


def _hash(table: pa.Table, as_of: date) -> str:
    """Return the hash of what a table says: its columns with their names and kinds."""
    sink = _Digest(f"{FORMAT}:{as_of}")
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), table.schema) as writer:
        writer.write_table(table)
    return sink.digest.hexdigest()


def read_facts(
    snapshot: FeatureSnapshot, wanted: set[str], enterprise_id: int | None = None
) -> Iterator[tuple[int, dict[str, Fact]]]:
    """Yield the wanted facts of every enterprise (or of one) from a snapshot.

    Raises SnapshotDamaged when the file is not the one that was written.
    """
    features = catalogue(snapshot.as_of)
    keys = sorted(key for key in wanted if key in snapshot.columns)
    names = ["enterprise_id", CONSENT, *keys]
    names += [key + DATED for key in keys if features[key].indicator_id]
    filters = [("enterprise_id", "=", enterprise_id)] if enterprise_id is not None else None
    table = pq.read_table(_checked(snapshot), columns=names, filters=filters)
    data = table.to_pydict()
    for number, pk in enumerate(data["enterprise_id"]):
        facts = {}
        for key in keys:
            feature, value = features[key], data[key][number]
            if feature.value_type == ValueType.BOOL and value is not None:
                value = bool(value)
            on = data[key + DATED][number] if feature.indicator_id else snapshot.as_of
            withheld = feature.is_confidential and not data[CONSENT][number]
            facts[key] = Fact(value, feature.unit, feature.department, on, withheld)
        yield pk, facts

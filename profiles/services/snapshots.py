"""Snapshots: all features of all enterprises as of a day, in one immutable Parquet file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q

from crm.common.days.clock import day_start
from crm.common.people.actor import Actor
from crm.common.quantity import factor as factor_between
from crm.common.quantity import half_up
from crm.common.records import audit
from crm.selectors import register_as_of, standing_for
from profiles.enums import ValueType
from profiles.features import ATTRIBUTES, Feature, catalogue
from profiles.models import Consent, FeatureSnapshot, Indicator, IndicatorVersion, Observation

FORMAT = 3
NUMBERS = {ValueType.DECIMAL, ValueType.INT, ValueType.BOOL}
DATED = "__on"
# Whether the enterprise consented to the use of its confidential data, on the snapshot's day.
CONSENT = "consent"


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
        lost = Path(settings.VAR_DIR) / known.path
        if not lost.is_file():
            lost.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(table, lost, compression="zstd")
        return known
    path = Path("snapshots") / f"{as_of}-{content[:16]}.parquet"
    target = Path(settings.VAR_DIR) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, target, compression="zstd")
    row = FeatureSnapshot.objects.create(
        as_of=as_of,
        content_hash=content,
        path=str(path),
        rows=table.num_rows,
        columns=[name for name in table.column_names if not name.endswith(DATED)],
        created_at=at,
        created_by_id=actor.user_id,
    )
    audit.record("snapshot.build", actor=actor, target=row, after={"hash": content})
    return row


def _table(as_of: date) -> pa.Table:
    features = catalogue(as_of)
    by_indicator = {f.indicator_id: f for f in features.values() if f.indicator_id}
    register = register_as_of(as_of)
    place = {pk: number for number, pk in enumerate(register)}
    consented = _consented(as_of)
    columns: dict[str, list[Any]] = {
        "enterprise_id": list(register),
        CONSENT: [pk in consented for pk in register],
    }
    for key in ATTRIBUTES:
        name = key.removeprefix("enterprise.")
        columns[key] = [row.get(name) or None for row in register.values()]
    for feature in by_indicator.values():
        columns[feature.key] = [None] * len(register)
        columns[feature.key + DATED] = [None] * len(register)
    _fill(columns, by_indicator, place, as_of)
    return pa.table(_typed(columns, features))


def _fill(
    columns: dict[str, list[Any]],
    by_indicator: dict[int, Feature],
    place: dict[int, int],
    as_of: date,
) -> None:
    """Enter the newest value of each; one of a merged duplicate only where it is newer.

    Confidential values of whoever has not consented never enter a snapshot.
    """
    stands = standing_for(as_of)
    borrowed: set[tuple[str, int]] = set()
    revised = _revised()
    for enterprise_id, indicator_id, (start, end), number, text in _latest(as_of, by_indicator):
        where = place.get(stands.get(enterprise_id, enterprise_id))
        feature = by_indicator[indicator_id]
        value = number if feature.value_type in NUMBERS else text or None
        if indicator_id in revised and number is not None:
            value = _converted(number, revised[indicator_id].on(start), feature)
        if where is None or value is None:
            continue
        if feature.is_confidential and not columns[CONSENT][where]:
            continue
        cell, dated = (feature.key, where), columns[feature.key + DATED]
        if enterprise_id not in stands:
            borrowed.discard(cell)
        elif dated[where] == end and cell not in borrowed:
            continue
        else:
            borrowed.add(cell)
        columns[feature.key][where] = value
        dated[where] = end


def _consented(as_of: date) -> set[int]:
    """Return the enterprises whose consent stood at the end of a day."""
    return set(Consent.objects.on(as_of).values_list("enterprise_id", flat=True))


def _revised() -> dict[int, Indicator]:
    """Return the indicators with more than one version: their units may have changed."""
    several = Indicator.objects.annotate(count=Count("versions")).filter(count__gt=1)
    return several.with_versions().in_bulk()


def _converted(number: int, meaning: IndicatorVersion, feature: Feature) -> int | None:
    """Return a number in the unit the feature has on the snapshot's day; None if unlike it."""
    if feature.value_type not in NUMBERS or meaning.value_type not in NUMBERS:
        return None
    factor = factor_between(meaning.unit, feature.unit)
    return None if factor is None else half_up(number * factor)


def _typed(columns: dict[str, list[Any]], features: dict[str, Feature]) -> dict[str, pa.Array]:
    arrays = {}
    for key, values in columns.items():
        if key.endswith(DATED):
            arrays[key] = pa.array(values, pa.date32())
        elif key == CONSENT:
            arrays[key] = pa.array(values, pa.bool_())
        elif key == "enterprise_id" or (features[key].value_type in NUMBERS):
            arrays[key] = pa.array(values, pa.int64())
        else:
            arrays[key] = pa.array(values, pa.string())
    return arrays


Row = tuple[int, int, tuple[date, date], int | None, str]


def _latest(as_of: date, wanted: dict[int, Feature]) -> Iterator[Row]:
    """Yield what was known at the end of the day, later periods after earlier ones."""
    moment = day_start(as_of + timedelta(days=1))
    last_year = date(as_of.year - 1, 12, 31)
    standing = Q(superseded_at=None) | Q(superseded_at__gte=moment)
    yearly = [pk for pk, feature in wanted.items() if feature.is_yearly]
    others = [pk for pk, feature in wanted.items() if not feature.is_yearly]
    rows = (
        Observation.objects.filter(standing, recorded_at__lt=moment, period_end__lte=as_of)
        .filter(Q(indicator__in=yearly, period_end=last_year) | Q(indicator__in=others))
        .filter(cumulative=False)
        .order_by("period_end", "pk")
        .values_list(
            "enterprise_id", "indicator_id", "period_start", "period_end", "number_e4", "text"
        )
    )
    for enterprise_id, indicator_id, start, end, number, text in rows.iterator(chunk_size=5000):
        yield enterprise_id, indicator_id, (start, end), number, text


def _hash(table: pa.Table, as_of: date) -> str:
    digest = hashlib.sha256(f"{FORMAT}:{as_of}".encode())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    digest.update(sink.getvalue())
    return digest.hexdigest()


def read_facts(
    snapshot: FeatureSnapshot, wanted: set[str], enterprise_id: int | None = None
) -> Iterator[tuple[int, dict[str, Fact]]]:
    """Yield the wanted facts of every enterprise (or of one) from a snapshot."""
    features = catalogue(snapshot.as_of)
    keys = sorted(key for key in wanted if key in snapshot.columns)
    names = ["enterprise_id", CONSENT, *keys]
    names += [key + DATED for key in keys if features[key].indicator_id]
    filters = [("enterprise_id", "=", enterprise_id)] if enterprise_id is not None else None
    path = Path(settings.VAR_DIR) / snapshot.path
    table = pq.read_table(path, columns=names, filters=filters)
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

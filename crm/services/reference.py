"""Load departments, areas and industries from the committed lists of facts.

Sources: GB/T 2260 and the statistics bureau's township codes (to 2023-06-30); GB/T 4754-2017
(all sections and divisions, and the groups and classes the model city's industries use).
"""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction

from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.slots.reference import loaders
from crm.models import Area, Department, Industry

DATA = Path(__file__).resolve().parent.parent / "data"
Row = dict[str, str]


def _rows(name: str) -> Iterator[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Load or refresh the three trees; return how many rows each has. Safe to repeat."""
    return {
        "departments": _load(Department, "departments.csv", _department),
        "areas": _load(Area, "areas.csv", lambda row: {"name": row["name"], "kind": row["kind"]}),
        "industries": _load(
            Industry,
            "industries.csv",
            lambda row: {"name": row["name"], "section": row["section"]},
        ),
    }


@transaction.atomic
def load_catalogues(*, actor: Actor, day: date) -> dict[str, int]:
    """Load the reference data of every room, all of it or nothing; return the counts by name.

    What has changed since the last time gets a new version from `day`; raises VersionRefused
    where one begins later already.
    """
    counts: dict[str, int] = {}
    for loader in loaders():
        counts |= loader.load(day)
    city = Department.objects.order_by("path")[0]
    audit.record(
        "reference.load", actor=actor, target=city, after=counts | {"from": day.isoformat()}
    )
    return counts


def _department(row: Row) -> dict[str, object]:
    aliases = [alias for alias in row["aliases"].split(";") if alias]
    return {"name": row["name"], "short_name": row["short_name"], "aliases": aliases}


def _load(model: type[models.Model], name: str, values: Callable[[Row], dict[str, object]]) -> int:
    known: dict[str, Any] = {row.code: row for row in model._base_manager.all()}  # type: ignore[attr-defined]
    for row in _rows(name):
        parent = known.get(row.get("parent", ""))
        path = f"{parent.path if parent else ''}{row['code']}/"
        fields = {**values(row), "parent": parent, "path": path}
        known[row["code"]], _new = model._base_manager.update_or_create(
            code=row["code"], defaults=fields
        )
    return len(known)

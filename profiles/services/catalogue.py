"""The catalogue of indicators: loaded from its committed facts, revised from a coming day on."""

import csv
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.dated import VersionRefused, add_changed_version, add_version
from crm.selectors import department_called
from profiles.enums import FRESH_DAYS, PeriodKind, ValueType
from profiles.models import Indicator, IndicatorVersion
from profiles.permissions import can_edit_indicators

DATA = Path(__file__).resolve().parent.parent / "data" / "indicators.csv"
FIRST_DAY = date(2021, 1, 1)
REVISABLE = frozenset(
    field.name
    for field in IndicatorVersion._meta.concrete_fields
    if field.name not in ("id", "indicator", "effective_from", "effective_to")
)


@transaction.atomic
def load_indicators(effective_from: date = FIRST_DAY) -> int:
    """Load the catalogue; return how many indicators it has.

    Repeating it changes nothing. An indicator whose published facts differ from its last
    version gets a new version from `effective_from`.
    """
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        indicator, _new = Indicator.objects.get_or_create(code=row["code"])
        add_changed_version(
            IndicatorVersion,
            of="indicator",
            entry=indicator,
            first_day=FIRST_DAY,
            effective_from=effective_from,
            **_values(row),
        )
    return len(rows)


def _values(row: dict[str, str]) -> dict[str, Any]:
    return {
        "name": row["name_zh"],
        "name_en": row["name_en"],
        "unit": "" if row["unit"] == "-" else row["unit"],
        "value_type": row["value_type"],
        "decimals": 4 if row["value_type"] == ValueType.DECIMAL else 0,
        "period": row["period"],
        "department": department_called(row["department_zh"]),
        "aggregation": row["aggregation"],
        "plausible_min": _number(row["plausible_min"]),
        "plausible_max": _number(row["plausible_max"]),
        "fresh_days": FRESH_DAYS[PeriodKind(row["period"])],
        "legal_values": [value for value in row["legal_values"].split("/") if value],
        "sensitivity": row["sensitivity"],
        "definition": row["note"],
    }


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@transaction.atomic
def revise_indicator(
    *,
    actor: Actor,
    indicator: Indicator,
    effective_from: date,
    values: dict[str, Any],
    at: datetime,
) -> IndicatorVersion:
    """Change an indicator from a coming day on; what is left out stays as it is.

    A value keeps the meaning it had when its period began, a snapshot that of its day: so a
    change never begins today or earlier. Raises VersionRefused for such a day, NotAllowedError
    for anybody but an administrator.
    """
    if not can_edit_indicators(actor):
        raise NotAllowedError(_("Administrators change the catalogue of indicators."))
    if unknown := set(values) - REVISABLE:
        raise TypeError(f"no column of a version: {', '.join(sorted(unknown))}")
    if effective_from <= local_date(at):
        raise VersionRefused(
            _("%(day)s is past or today: a change of the catalogue begins tomorrow or later.")
            % {"day": effective_from.isoformat()}
        )
    last = indicator.versions.order_by("-effective_from")[0]
    before = {name: getattr(last, name) for name in REVISABLE}
    made = add_version(
        IndicatorVersion,
        of="indicator",
        entry=indicator,
        effective_from=effective_from,
        **{**before, **values},
    )
    audit.record(
        "indicator.revise",
        actor=actor,
        target=indicator,
        before={name: str(before[name]) for name in values},
        after={name: str(value) for name, value in values.items()} | {"from": str(effective_from)},
    )
    return made

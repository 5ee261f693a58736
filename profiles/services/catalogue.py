"""Load the catalogue of indicators from its committed facts (indicators.csv)."""

import csv
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction

from crm.selectors import department_called
from profiles.enums import FRESH_DAYS, PeriodKind
from profiles.models import Indicator

DATA = Path(__file__).resolve().parent.parent / "data" / "indicators.csv"


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@transaction.atomic
def load_indicators() -> int:
    """Load or refresh the catalogue; return how many indicators it has. Safe to repeat."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for row in rows:
        Indicator.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name_zh"],
                "name_en": row["name_en"],
                "unit": "" if row["unit"] == "-" else row["unit"],
                "value_type": row["value_type"],
                "period": row["period"],
                "department": department_called(row["department_zh"]),
                "aggregation": row["aggregation"],
                "plausible_min": _number(row["plausible_min"]),
                "plausible_max": _number(row["plausible_max"]),
                "fresh_days": FRESH_DAYS[PeriodKind(row["period"])],
                "note": row["note"],
                "effective_from": date(2021, 1, 1),
            },
        )
    return len(rows)

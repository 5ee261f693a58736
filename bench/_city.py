"""The city of the measurements of data: a catalogue, enterprises and values by its rhythm."""

import calendar
import random
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import numpy as np
from django.core.management import call_command

from crm.common.days.clock import SHANGHAI, day_start
from crm.common.db.inserting import insert_columns
from crm.common.people.actor import system_actor
from crm.enums import RegisterAttribute
from crm.models import Area, Department, Enterprise, Industry, RegisterEntry
from crm.rules import complete_uscc
from crm.services import load_reference
from profiles.enums import PeriodKind, ValueType
from profiles.models import Consent, ImportBatch, IndicatorVersion, Observation
from profiles.services import load_indicators

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
ACTOR = system_actor("bench")
FIRST_SEEN = date(2022, 1, 1)


def found(enterprises: int) -> None:
    """Make an empty city with a catalogue and so many enterprises, each with its consent."""
    call_command("migrate", verbosity=0)
    load_reference()
    load_indicators()
    area, industry = Area.objects.first(), Industry.objects.filter(code="1819").first()
    assert area is not None
    Enterprise.objects.bulk_create(
        (_enterprise(number, area, industry) for number in range(enterprises)), batch_size=5000
    )
    keys = list(Enterprise.objects.order_by("pk").values_list("pk", flat=True))
    early = day_start(FIRST_SEEN)
    said = {
        RegisterAttribute.STATUS: "active",
        RegisterAttribute.AREA: area.code,
        RegisterAttribute.INDUSTRY: "1819",
    }
    for attribute, value in said.items():
        count = len(keys)
        insert_columns(
            RegisterEntry,
            {
                "enterprise_id": keys,
                "attribute": [str(attribute)] * count,
                "value": [value] * count,
                "valid_from": [FIRST_SEEN.isoformat()] * count,
                "recorded_at": [early.isoformat(sep=" ")] * count,
            },
        )
    Consent.objects.bulk_create(
        (Consent(enterprise_id=pk, way="paper", signed_by="胡立", given_at=early) for pk in keys),
        batch_size=5000,
    )


def _enterprise(number: int, area: Any, industry: Any) -> Enterprise:
    name = f"天门江汉{number}号泵业有限公司"
    return Enterprise(
        uscc=complete_uscc("91429006", f"MA{number:06d}"),
        name=name,
        search_text=name,
        area=area,
        industry=industry,
        created_at=AT,
        updated_at=AT,
    )


def versions() -> list[IndicatorVersion]:
    """Return the catalogue in force."""
    rows = IndicatorVersion.objects.filter(effective_to=None).select_related("indicator")
    return list(rows.order_by("indicator_id"))


def said(version: IndicatorVersion, chance: random.Random) -> tuple[int | None, str]:
    """Return a value an enterprise might have."""
    if version.value_type in (ValueType.DECIMAL, ValueType.INT):
        whole = chance.randint(1, 900) * 10_000
        return (whole + chance.randint(0, 9999) * (version.decimals > 0), "")
    if version.value_type == ValueType.BOOL:
        return (chance.choice((0, 10_000)), "")
    if version.value_type == ValueType.DATE:
        return (None, f"2023-0{chance.randint(1, 9)}-11")
    return (None, chance.choice(version.legal_values or ["甲", "乙"]))


def spans(period: str, months: int) -> Iterator[tuple[date, date]]:
    """Yield the periods of a rhythm that end within so many months up to August 2024."""
    step = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}.get(
        PeriodKind(period), 0
    )
    last = 2024 * 12 + 7
    for month in range(last - months + 1, last + 1):
        year, place = month // 12, month % 12 + 1
        end = date(year, place, calendar.monthrange(year, place)[1])
        if step == 0 and place == 8:
            yield end, end
        elif step and place % step == 0:
            start = month - step + 1
            yield date(start // 12, start % 12 + 1, 1), end


def report(months: int, every_month: bool = False) -> int:
    """Store what all enterprises reported in so many months; return how many values.

    By the catalogue's rhythm, or, with `every_month`, each indicator in each month.
    """
    keys = np.array(list(Enterprise.objects.order_by("pk").values_list("pk", flat=True)))
    batch = ImportBatch.objects.create(
        department=Department.objects.filter(code="tjj").get(),
        name="bench",
        sha256="bench",
        imported_at=AT,
    )
    chance, total = random.Random(1), 0
    for version in versions():
        rhythm = PeriodKind.MONTH if every_month else version.period
        values = [said(version, chance) for _ in range(97)]
        for start, end in spans(rhythm, months):
            chosen = [values[int(pk) % 97] for pk in keys]
            count = len(keys)
            total += insert_columns(
                Observation,
                {
                    "enterprise_id": keys,
                    "indicator_id": [version.indicator_id] * count,
                    "period_start": [start.isoformat()] * count,
                    "period_end": [end.isoformat()] * count,
                    "cumulative": [False] * count,
                    "number_e4": [number for number, _text in chosen],
                    "text": [text for _number, text in chosen],
                    "column": ["A"] * count,
                    "batch_id": [batch.pk] * count,
                    "recorded_at": [AT.isoformat(sep=" ")] * count,
                },
            )
    return total

"""Load the catalogues of the room: approval matters, team slots, fees."""

import csv
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records.dated import add_changed_version, revise
from crm.selectors import department_called
from projects.models import ApprovalMatter, FeeItem, FeeItemVersion, MatterVersion, TeamSlot
from projects.permissions import can_keep_catalogues
from projects.rules import days_in

DATA = Path(__file__).resolve().parent.parent / "data"
FIRST_DAY = date(2021, 1, 1)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@transaction.atomic
def load_project_reference(effective_from: date = FIRST_DAY) -> dict[str, int]:
    """Load the room's three catalogues; return how many entries each has. Safe to repeat."""
    return {
        "matters": load_approval_matters(effective_from),
        "slots": load_team_slots(),
        "fees": load_fee_items(effective_from),
    }


@transaction.atomic
def load_approval_matters(effective_from: date = FIRST_DAY) -> int:
    """Load the catalogue of approval matters; return how many it has.

    Repeating it changes nothing. A matter whose published facts differ from its version in
    force gets a new version from `effective_from`.
    """
    rows = list(_rows("approvals.csv"))
    entries = {
        row["code"]: ApprovalMatter.objects.get_or_create(code=row["code"])[0] for row in rows
    }
    for row in rows:
        values = {
            "stage": row["stage"],
            "name": row["matter_zh"],
            "name_en": row["matter_en"],
            "department": department_called(row["department_zh"]),
            "statutory_text": row["statutory_limit"],
            "promised_text": row["promised_limit"],
            "statutory_days": days_in(row["statutory_limit"]),
            "promised_days": days_in(row["promised_limit"]),
            "evidence": row["evidence"],
        }
        made = add_changed_version(
            MatterVersion,
            of="matter",
            entry=entries[row["code"]],
            first_day=FIRST_DAY,
            effective_from=effective_from,
            **values,
        )
        if made is not None:
            codes = re.findall(r"[A-E]\d\d", row["predecessors"])
            made.predecessors.set([entries[code] for code in codes])
    return len(entries)


@transaction.atomic
def load_team_slots() -> int:
    """Load the slots of 六个一; rows the city has changed since are left as they are."""
    for row in _rows("slots.csv"):
        TeamSlot.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "name_en": row["name_en"],
                "holder": row["holder"],
                "required": row["required"] == "1",
                "order": int(row["order"]),
            },
        )
    return TeamSlot.objects.count()


@transaction.atomic
def load_fee_items(effective_from: date = FIRST_DAY) -> int:
    """Load the catalogue of approval fees (零负担); return how many it has."""
    for row in _rows("fees.csv"):
        item, _new = FeeItem.objects.get_or_create(code=row["code"])
        values = {
            "name": row["name"],
            "payee": department_called(row["payee"]),
            "basis": row["basis"],
        }
        add_changed_version(
            FeeItemVersion,
            of="item",
            entry=item,
            first_day=FIRST_DAY,
            effective_from=effective_from,
            **values,
        )
    return FeeItem.objects.count()


def revise_matter(
    *,
    actor: Actor,
    entry: ApprovalMatter,
    effective_from: date,
    values: dict[str, Any],
    at: datetime,
) -> MatterVersion:
    """Change an approval matter from a coming day on; cases accepted before keep their promise.

    Raises UserFacingError for a promise longer than the law allows, VersionRefused for a day
    that is not to come, NotAllowedError for everybody but administrators.
    """
    if not can_keep_catalogues(actor):
        raise NotAllowedError(_("Administrators keep the catalogues."))
    law, promise = values.get("statutory_days"), values.get("promised_days")
    if law is not None and promise is not None and promise > law:
        raise UserFacingError(_("The promised days are more than the law allows."))
    return revise(
        MatterVersion,
        actor=actor,
        of="matter",
        entry=entry,
        effective_from=effective_from,
        values=values,
        at=at,
    )


def revise_fee(
    *, actor: Actor, entry: FeeItem, effective_from: date, values: dict[str, Any], at: datetime
) -> FeeItemVersion:
    """Change a fee of the catalogue from a coming day on; bills made before keep theirs.

    Raises VersionRefused for a day that is not to come, NotAllowedError for everybody but
    administrators.
    """
    if not can_keep_catalogues(actor):
        raise NotAllowedError(_("Administrators keep the catalogues."))
    return revise(
        FeeItemVersion,
        actor=actor,
        of="item",
        entry=entry,
        effective_from=effective_from,
        values=values,
        at=at,
    )

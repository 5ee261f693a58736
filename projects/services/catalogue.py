"""Load the catalogue of approval matters from its committed facts (approvals.csv)."""

import csv
import re
from datetime import date
from pathlib import Path

from django.db import transaction

from crm.selectors import department_called
from projects.models import ApprovalMatter
from projects.rules import days_in

DATA = Path(__file__).resolve().parent.parent / "data" / "approvals.csv"


@transaction.atomic
def load_approval_matters() -> int:
    """Load or refresh the catalogue; return how many matters it has. Safe to repeat."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    made = {}
    for row in rows:
        made[row["code"]], _new = ApprovalMatter.objects.update_or_create(
            code=row["code"],
            defaults={
                "stage": row["stage"],
                "name": row["matter_zh"],
                "name_en": row["matter_en"],
                "department": department_called(row["department_zh"]),
                "statutory_text": row["statutory_limit"],
                "promised_text": row["promised_limit"],
                "statutory_days": days_in(row["statutory_limit"]),
                "promised_days": days_in(row["promised_limit"]),
                "evidence": row["evidence"],
                "effective_from": date(2021, 1, 1),
            },
        )
    for row in rows:
        codes = re.findall(r"[A-E]\d\d", row["predecessors"])
        made[row["code"]].predecessors.set([made[code] for code in codes])
    return len(made)

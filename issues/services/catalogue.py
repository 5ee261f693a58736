"""Load what a city's ledger starts with: categories and limits, both its own to change."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from issues.models import IssueCategory, LimitProfile, LimitRule, LimitVersion

DATA = Path(__file__).resolve().parent.parent / "data"
FIRST_DAY = date(2021, 1, 1)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@transaction.atomic
def load_issue_reference(_day: date = FIRST_DAY) -> dict[str, int]:
    """Load categories and limits; return how many there are.

    Both are the city's own once they stand: what it changed since is left as it is, and its
    limits get new versions by its own document, never by a list of ours.
    """
    for order, row in enumerate(_rows("categories.csv"), start=1):
        IssueCategory.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "icon": row["icon"],
                "kind": row["kind"],
                "order": order * 10,
            },
        )
    profile, _made = LimitProfile.objects.get_or_create(
        code="standard", defaults={"name": "企业问题办理时限"}
    )
    if not profile.versions.exists():
        version = LimitVersion.objects.create(profile=profile, effective_from=FIRST_DAY)
        LimitRule.objects.bulk_create(
            LimitRule(
                version=version,
                severity=row["severity"],
                contact_days=int(row["contact_days"]),
                answer_days=int(row["answer_days"]),
                solve_days=int(row["solve_days"]),
                confirm_days=int(row["confirm_days"]),
            )
            for row in _rows("limits.csv")
        )
    return {"categories": IssueCategory.objects.count(), "limits": LimitRule.objects.count()}

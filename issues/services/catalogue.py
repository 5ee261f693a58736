"""Load what a city's ledger starts with: categories and limits, both its own to change."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records.dated import revise
from issues.models import IssueCategory, LimitProfile, LimitRule, LimitVersion
from issues.permissions import can_keep_limits

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


@transaction.atomic
def revise_limits(
    *,
    actor: Actor,
    profile: LimitProfile,
    effective_from: date,
    source: str,
    days: Mapping[str, Mapping[str, int]],
    at: datetime,
) -> LimitVersion:
    """Set the city's limits anew from a coming day on; rounds that run keep theirs.

    `days` are the working days of each impact; limits of single categories stay as they are.
    Raises UserFacingError for days that are not in order, VersionRefused for a day that is not
    to come, NotAllowedError for everybody but administrators.
    """
    if not can_keep_limits(actor):
        raise NotAllowedError(_("Administrators keep the catalogues."))
    for named in days.values():
        if not named["contact_days"] <= named["answer_days"] <= named["solve_days"]:
            raise UserFacingError(
                _("First contact comes before the answer, and the answer before the solution.")
            )
        if not named["solve_days"] or not named["confirm_days"]:
            raise UserFacingError(_("Solution and confirmation take at least one working day."))
    last = profile.versions.order_by("-effective_from").first()
    made = revise(
        LimitVersion,
        actor=actor,
        of="profile",
        entry=profile,
        effective_from=effective_from,
        values={"source": source},
        at=at,
    )
    for rule in last.rules.all() if last else ():
        changed = days.get(rule.severity, {}) if rule.category_id is None else {}
        rule.pk, rule.version = None, made
        for name, value in changed.items():
            setattr(rule, name, value)
        rule.save(force_insert=True)
    return made

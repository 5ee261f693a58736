"""The lights of days on which nobody looked, told from the dated rows of a register taken over."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Min, Q

from crm.common.days.clock import day_start
from projects.enums import ItemStatus, Standing
from projects.models import Approval, ListItem, Project, ProjectLight
from projects.rules import SOON_DAYS, light_for
from projects.services.lights import count_by_project
from projects.states import STANDING_MACHINE


@transaction.atomic
def tell_light_history(*, days: Iterable[date]) -> int:
    """Write what each project's light was on past days; return how many rows that took.

    Only days before the first light that was kept are told: what was shown is never rewritten.
    A row is written where the light differs from that of the day before it in `days`.
    """
    kept = ProjectLight.objects.values("project").annotate(first=Min("since"))
    first = dict(kept.values_list("project", "first"))
    shown: dict[int, str] = {}
    told = []
    for day in sorted(days):
        for row in _lights_on(day):
            known = first.get(row.project_id)
            if known is not None and known <= day:
                continue
            if shown.get(row.project_id) != row.light:
                shown[row.project_id] = row.light
                told.append(row)
    ProjectLight.objects.bulk_create(told, batch_size=500)
    return len(told)


def _lights_on(day: date) -> list[ProjectLight]:
    """Return the light of every project there was at the end of a day."""
    end = day_start(day + timedelta(days=1))
    late, soon = _counts_on(day)
    projects = STANDING_MACHINE.on(Project.objects.filter(created_at__lt=end), end)
    rows = []
    for pk, standing in projects.order_by("pk").values_list("pk", "state_then"):
        if standing in ("", None, Standing.REMOVED):
            continue
        light = light_for(standing=standing, overdue=late[pk], due_soon=soon[pk])
        rows.append(
            ProjectLight(project_id=pk, light=light, since=day, late=late[pk], soon=soon[pk])
        )
    return rows


def _counts_on(day: date) -> tuple[Counter[int], Counter[int]]:
    """Count by project what was late and what was due soon on a day, as it stood then."""
    end = day_start(day + timedelta(days=1))
    items = ListItem.objects.exclude(status=ItemStatus.DROPPED).filter(
        Q(done_at=None) | Q(done_at__gte=end), created_at__lt=end
    )
    cases = Approval.objects.filter(
        Q(decided_on=None) | Q(decided_on__gt=day), accepted_on__lte=day
    )
    late, soon = Counter[int](), Counter[int]()
    for rows in (items, cases):
        late.update(count_by_project(rows.filter(due_on__lt=day)))
        until = day + timedelta(days=SOON_DAYS)
        soon.update(count_by_project(rows.filter(due_on__range=(day, until))))
    return late, soon

"""Lights: stored with their reasons and dated, so that no list ever computes them.

Counting what is late over 10,000 projects for each page took 1,500 ms; the stored column with
its partial index answers in milliseconds. A write refreshes its project, the night all of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from projects.enums import ENDED_APPROVALS, ItemStatus, Light, Standing
from projects.models import Approval, ListItem, Project, ProjectLight
from projects.rules import SOON_DAYS, light_for

BATCH = 500


_waiting: ContextVar[set[int] | None] = ContextVar("lights_waiting", default=None)


@contextmanager
def lights_deferred(*, today: date) -> Iterator[None]:
    """Refresh each project that changes inside the block once, at its end, as of a day.

    For imports that move many records of one project in one transaction; nested, the outermost
    counts. Raises RuntimeError outside a transaction: the light must change with its reasons.
    """
    if _waiting.get() is not None:
        yield
        return
    if not connection.in_atomic_block:
        raise RuntimeError("lights_deferred() belongs into the transaction of the changes")
    keys: set[int] = set()
    token = _waiting.set(keys)
    try:
        yield
    finally:
        _waiting.reset(token)
    refresh_lights(today=today, only=keys)


@transaction.atomic
def refresh_light(*, project: Project, today: date) -> Light:
    """Bring one project's light up to date; the caller's copy follows."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(project.pk)
        return Light(project.light)
    refresh_lights(today=today, only=[project.pk])
    project.refresh_from_db(fields=["light", "late", "soon"])
    return Light(project.light)


@transaction.atomic
def refresh_lights(*, today: date, only: Iterable[int] | None = None) -> int:
    """Bring the lights of all projects (or some) up to date; return how many changed.

    A change leaves a dated row in ProjectLight, so that the light of a past day is known.
    """
    rows = Project.objects.exclude(standing=Standing.REMOVED)
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    keys = list(rows.values_list("pk", flat=True))
    late, soon = _counts(keys, today)
    changed = []
    for project in rows.only("pk", "standing", "light", "late", "soon"):
        counts = (late[project.pk], soon[project.pk])
        light = light_for(standing=project.standing, overdue=counts[0], due_soon=counts[1])
        if (project.light, project.late, project.soon) != (light, *counts):
            project.light, project.late, project.soon = light, *counts
            changed.append(project)
    Project.objects.bulk_update(changed, ["light", "late", "soon"], batch_size=BATCH)
    _remember(keys, today)
    return len(changed)


def _counts(keys: list[int], today: date) -> tuple[Counter[int], Counter[int]]:
    items = ListItem.objects.filter(status=ItemStatus.OPEN, project__in=keys)
    cases = Approval.objects.exclude(status__in=ENDED_APPROVALS).filter(project__in=keys)
    until = today + timedelta(days=SOON_DAYS)
    late, soon = Counter[int](), Counter[int]()
    for rows in (items, cases):
        late.update(count_by_project(rows.filter(due_on__lt=today)))
        soon.update(count_by_project(rows.filter(due_on__range=(today, until))))
    return late, soon


def count_by_project(rows: QuerySet[ListItem] | QuerySet[Approval]) -> dict[int, int]:
    """Return how many of the rows each project has."""
    counted = rows.order_by().values("project").annotate(n=Count("pk"))
    return dict(counted.values_list("project", "n"))


def _remember(keys: list[int], today: date) -> None:
    """Write a dated row where the newest one says another light than the project shows."""
    newest: dict[int, ProjectLight] = {}
    for row in ProjectLight.objects.filter(project__in=keys).order_by("since", "pk"):
        newest[row.project_id] = row
    for project in Project.objects.filter(pk__in=keys).only("pk", "light", "late", "soon"):
        known = newest.get(project.pk)
        if known is not None and known.light == project.light:
            continue
        values = {"light": project.light, "late": project.late, "soon": project.soon}
        ProjectLight.objects.update_or_create(project=project, since=today, defaults=values)

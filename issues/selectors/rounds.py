"""Reads of sweeps and meetings: coverage, who is behind, what was found."""

from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.common.people.actor import Actor
from issues.enums import IssueStatus, ResolutionKind
from issues.models import AgendaItem, Issue, Meeting, Resolution, Sweep, SweepTarget
from projects.enums import ItemStatus
from projects.models import ListItem

SHOWN_AREAS, SHOWN_ROUNDS = 10, 6
# From the answer on, a department has done what a meeting gave it.
ANSWERED_STATUSES = (IssueStatus.ANSWERED, IssueStatus.VERIFIED, IssueStatus.CLOSED)


def sweeps(actor: Actor) -> QuerySet[Sweep]:
    """Return the rounds with their numbers of targets, visits and issues the actor may see."""
    seen = Issue.objects.visible_to(actor).standing()
    found = Q(targets__visit__issues__in=seen.values("pk"))
    return Sweep.objects.visible_to(actor).annotate(
        target_count=Count("targets", distinct=True),
        visit_count=Count("targets__visit", distinct=True),
        issue_count=Count("targets__visit__issues", filter=found, distinct=True),
        closed_count=Count(
            "targets__visit__issues",
            filter=found & Q(targets__visit__issues__status=IssueStatus.CLOSED),
            distinct=True,
        ),
    )


def targets(actor: Actor, sweep: Sweep) -> QuerySet[SweepTarget]:
    """Return the targets of a round with whether they were visited and what was found."""
    seen = Issue.objects.visible_to(actor).standing().values("pk")
    return (
        SweepTarget.objects.visible_to(actor)
        .filter(sweep=sweep)
        .select_related("enterprise__area", "project__area", "owner", "visit")
        .annotate(found=Count("visit__issues", filter=Q(visit__issues__in=seen)))
    )


def matrix(rows: list[SweepTarget], today: date) -> list[dict[str, Any]]:
    """Return one line per area: a cell per target, visited and total, share and issues."""
    lines: dict[str, dict[str, Any]] = {}
    for target in rows:
        place = target.project.area if target.project else target.enterprise.area  # type: ignore[union-attr]
        line = lines.setdefault(
            place.name, {"area": place.name, "cells": [], "visited": 0, "total": 0, "issues": 0}
        )
        line["cells"].append(_cell(target, today))
        line["total"] += 1
        line["visited"] += target.is_settled
        line["issues"] += target.found  # type: ignore[attr-defined]
    for line in lines.values():
        line["share"] = line["visited"] / line["total"]
    return _folded(sorted(lines.values(), key=lambda line: -line["total"]))


def _folded(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the large areas and fold the small ones into one line."""
    small = lines[SHOWN_AREAS:]
    if len(small) < 2:
        return lines
    rest: dict[str, Any] = {"area": _("%(n)d other areas") % {"n": len(small)}}
    for name in ("visited", "total", "issues"):
        rest[name] = sum(line[name] for line in small)
    rest["cells"] = [cell for line in small for cell in line["cells"]]
    rest["share"] = rest["visited"] / rest["total"]
    return [*lines[:SHOWN_AREAS], rest]


def _cell(target: SweepTarget, today: date) -> dict[str, Any]:
    found = target.found  # type: ignore[attr-defined]
    if not target.is_settled:
        late = target.planned_on < today
        state, words = ("late", _("past its day")) if late else ("un", _("not visited"))
    elif target.excused_at is not None:
        state, words = "", _("left out")
    elif found:
        state, words = "iss", ngettext("%(n)d issue", "%(n)d issues", found) % {"n": found}
    else:
        state, words = "", _("nothing found")
    return {
        "url": reverse("staff:issues:sweep_target", args=[target.pk]),
        "state": state,
        "label": _("%(name)s: %(state)s") % {"name": target.name, "state": words},
    }


def owners(rows: list[SweepTarget], today: date) -> list[dict[str, Any]]:
    """Return each owner's targets, visits and how many visits are past their day."""
    found: dict[int, dict[str, Any]] = {}
    for target in rows:
        line = found.setdefault(
            target.owner_id,
            {
                "pk": target.owner_id,
                "name": str(target.owner),
                "total": 0,
                "visited": 0,
                "behind": 0,
            },
        )
        line["total"] += 1
        line["visited"] += target.is_settled
        line["behind"] += not target.is_settled and target.planned_on < today
    for line in found.values():
        line["percent"] = round(100 * line["visited"] / line["total"])
        line["left"] = line["total"] - line["visited"]
    return sorted(found.values(), key=lambda line: (-line["behind"], line["name"]))


def issues_of(actor: Actor, sweep: Sweep) -> QuerySet[Issue]:
    """Return the issues found in a round, as far as the actor may see them."""
    return Issue.objects.visible_to(actor).standing().filter(visit__sweep_target__sweep=sweep)


def trend(actor: Actor, sweep: Sweep) -> list[dict[str, Any]]:
    """Return the numbers of issues found in this round and those before it, oldest first."""
    rows = Sweep.objects.visible_to(actor).filter(number__lte=sweep.number)
    numbers = sorted(rows.order_by("-number").values_list("number", flat=True)[:SHOWN_ROUNDS])
    found = (
        Issue.objects.visible_to(actor)
        .standing()
        .filter(visit__sweep_target__sweep__number__in=numbers)
    )
    counted = found.order_by().values_list("visit__sweep_target__sweep__number")
    by_round = dict(counted.annotate(n=Count("pk", distinct=True)))
    most = max([*by_round.values(), 1])
    return [
        {"number": one, "n": by_round.get(one, 0), "height": 100 * by_round.get(one, 0) / most}
        for one in numbers
    ]


def unvisited(rows: list[SweepTarget]) -> list[SweepTarget]:
    """Return the targets not visited yet, the longest overdue first."""
    left = [row for row in rows if not row.is_settled]
    return sorted(left, key=lambda row: (row.planned_on, row.pk))


def meetings(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings with their numbers of items and issues the actor may see."""
    seen = Q(items__in=AgendaItem.objects.visible_to(actor).values("pk"))
    return Meeting.objects.visible_to(actor).annotate(
        item_count=Count("items", filter=seen, distinct=True),
        issue_count=Count("items__issue", filter=seen, distinct=True),
        task_count=Count("items__resolutions", filter=seen, distinct=True),
    )


def follow_up(items: list[AgendaItem], today: date) -> dict[str, int]:
    """Return how many handed-out tasks of a meeting there are, done, running and overdue.

    A task is done with the issue it went to, or with the row of the project's one list it became.
    """
    tasks = [
        (item, row)
        for item in items
        for row in item.resolutions.all()
        if row.kind == ResolutionKind.TASK and row.dispatched_at is not None
    ]
    closed = ListItem.objects.filter(
        origin_type=ContentType.objects.get_for_model(Resolution),
        origin_id__in=[row.pk for _item, row in tasks],
    ).exclude(status=ItemStatus.OPEN)
    rows_done = set(closed.values_list("origin_id", flat=True)) if tasks else set()
    left = [
        row
        for item, row in tasks
        if row.pk not in rows_done
        and not (item.issue is not None and item.issue.status in ANSWERED_STATUSES)
    ]
    late = sum(row.due_on is not None and row.due_on < today for row in left)
    return {
        "all": len(tasks),
        "done": len(tasks) - len(left),
        "running": len(left) - late,
        "late": late,
    }


def agenda(actor: Actor, meeting: Meeting) -> QuerySet[AgendaItem]:
    """Return the items of a meeting the actor may see, with what was settled.

    An item of the actor's project may be about an issue that is not: `issue_is_open` says so.
    """
    theirs = Issue.objects.visible_to(actor).filter(pk=OuterRef("issue"))
    rows = AgendaItem.objects.visible_to(actor).filter(meeting=meeting)
    rows = rows.annotate(issue_is_open=Exists(theirs))
    return rows.select_related("issue", "project__enterprise").prefetch_related(
        "resolutions__department"
    )

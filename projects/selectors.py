"""Reads of the project room."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from crm.common.records.transitions import history
from projects.enums import ENDED_APPROVALS, STAGES, ItemStatus, Stage
from projects.models import Approval, ListItem, Project, TeamSlot

STAGE_KEY = "projects.stage"


def by_urgency(rows: QuerySet[Project]) -> QuerySet[Project]:
    """Order projects: the late ones first, then the soon due."""
    return rows.order_by("-late", "-soon", "-stage_since")


def paid_in_fen(project: Project, cutoff: datetime | None = None) -> int:
    """Return what was paid in, in 分, as it was known at a cut-off (by default now)."""
    rows = project.paid_in.filter(superseded_at=None)
    if cutoff is not None:
        rows = project.paid_in.filter(
            Q(superseded_at=None) | Q(superseded_at__gte=cutoff), recorded_at__lt=cutoff
        )
    return rows.aggregate(total=Sum("amount_fen"))["total"] or 0


def stage_steps(project: Project) -> list[dict[str, Any]]:
    """Return the stage rail: every stage with its state and the day it was reached."""
    moves = history(project).filter(machine=STAGE_KEY)
    reached = {row.to_state: local_date(row.at) for row in moves}
    reached.setdefault(Stage.LEAD, local_date(project.created_at))
    current = STAGES.index(Stage(project.stage))
    steps = []
    for number, stage in enumerate(STAGES):
        state = "done" if number < current else "now" if number == current else "todo"
        day = reached.get(stage)
        sub = [f"{day:%Y-%m-%d}"] if day and number <= current else []
        steps.append({"name": stage.label, "state": state, "sub": sub})
    return steps


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Rows of the one list under one heading; three views of the same rows."""

    title: str
    rows: list[ListItem]
    late: int
    done: int
    # Each row with the moves open to the reader; filled by the page.
    offered: list[tuple[ListItem, Any]] = field(default_factory=list)


def list_groups(project: Project, view: str, today: date) -> list[ListGroup]:
    """Return the one list by unit (责任清单), by task (任务清单) or by date (时限清单)."""
    found = project.items.select_related("department", "person").prefetch_related("predecessors")
    rows = list(found.order_by("due_on", "order"))
    for row in rows:
        row.project = project
    named: dict[str, list[ListItem]] = {}
    for row in rows:
        if view == "task":
            key = str(row.get_source_display())
        elif view == "due":
            key = f"{row.due_on:%Y-%m}"
        else:
            key = row.department.short_name
        named.setdefault(key, []).append(row)
    return [
        ListGroup(
            title=title,
            rows=found,
            late=sum(r.is_open and r.due_on < today for r in found),
            done=sum(r.is_done for r in found),
        )
        for title, found in named.items()
    ]


def approval_rows(
    actor: Actor, project: Project, today: date, calendar: WorkCalendar
) -> list[dict[str, Any]]:
    """Return a project's cases with the working days left of each running clock."""
    rows = Approval.objects.visible_to(actor).filter(project=project)
    told = []
    for case in rows.select_related("matter", "version_of_matter", "department").order_by(
        "matter__code"
    ):
        case.project = project
        running = case.due_on is not None and case.status not in ENDED_APPROVALS
        left = calendar.workdays_between(today, case.due_on) if running else None  # type: ignore[arg-type]
        told.append({"case": case, "left": left})
    return told


def team_slots(project: Project) -> list[dict[str, Any]]:
    """Return the slots of the service team with who fills them now."""
    filled: dict[int, list[str]] = {}
    for member in project.team.filter(until=None).select_related("user", "department"):
        filled.setdefault(member.slot_id, []).append(member.who)
    return [
        {"label": slot.label, "who": _(", ").join(filled.get(slot.pk, [])), "slot": slot}
        for slot in TeamSlot.objects.filter(active=True)
    ]


def due_approvals(actor: Actor, until: date) -> QuerySet[Approval]:
    """Return the running cases the actor may see that are due by a day."""
    return (
        Approval.objects.visible_to(actor)
        .exclude(status__in=ENDED_APPROVALS)
        .filter(due_on__lte=until)
        .select_related("project", "version_of_matter", "department")
        .order_by("due_on")
    )


def due_items(actor: Actor, until: date) -> QuerySet[ListItem]:
    """Return the open rows of the one list the actor may see that are due by a day."""
    return (
        ListItem.objects.visible_to(actor)  # type: ignore[return-value]
        .filter(status=ItemStatus.OPEN, due_on__lte=until)
        .select_related("project", "department")
        .order_by(F("due_on").asc(), "pk")
    )


def mine(actor: Actor) -> Q:
    """Return the condition for projects on whose team the actor is now."""
    return Q(team__user_id=actor.user_id, team__until=None)

"""Reads of the project room."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar
from crm.common.people.actor import Actor
from crm.common.records.transitions import history
from projects.enums import (
    ENDED_APPROVALS,
    MAIN_STAGES,
    ItemStatus,
    Light,
    Stage,
    TeamSlot,
)
from projects.models import Approval, ListItem, Project
from projects.rules import REQUIRED_FROM, light_for, missing_for, next_stage

SOON_DAYS = 4


def with_lights(rows: QuerySet[Project], today: date) -> QuerySet[Project]:
    """Add what is late and what is soon due, counted from the list and the approvals."""
    soon = today + timedelta(days=SOON_DAYS)
    items = ListItem.objects.filter(project=OuterRef("pk"), status=ItemStatus.OPEN)
    cases = Approval.objects.filter(project=OuterRef("pk")).exclude(status__in=ENDED_APPROVALS)
    return rows.annotate(
        late=_counted(items.filter(due_on__lt=today)) + _counted(cases.filter(due_on__lt=today)),
        soon=_counted(items.filter(due_on__range=(today, soon)))
        + _counted(cases.filter(due_on__range=(today, soon))),
    )


def _counted(rows: QuerySet[Any]) -> Any:
    counted = rows.order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def by_urgency(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Order rows that carry `late` and `soon`: the late ones first, then the soon due."""
    return rows.order_by("-late", "-soon", "-stage_since")


def light_of(project: Any) -> Light:
    """Return the light of a project that carries `late` and `soon`."""
    return light_for(stage=project.stage, overdue=project.late, due_soon=project.soon)


def stage_steps(project: Project) -> list[dict[str, Any]]:
    """Return the stage rail: every stage with its state and the day it was reached."""
    reached = {row.to_state: row.at.date() for row in history(project)}
    reached.setdefault(Stage.LEAD, project.created_at.date())
    now = project.stage_before_pause or project.stage
    current = MAIN_STAGES.index(Stage(now)) if now in MAIN_STAGES else -1
    steps = []
    for number, stage in enumerate(MAIN_STAGES):
        state = "done" if number < current else "now" if number == current else "todo"
        day = reached.get(stage)
        sub = [f"{day:%Y-%m-%d}"] if day and number <= current else []
        steps.append({"name": stage.label, "state": state, "sub": sub})
    return steps


def missing_words(project: Project) -> tuple[Stage | None, list[str]]:
    """Return the next stage and the names of the facts it still lacks."""
    following = next_stage(Stage(project.stage))
    if following is None:
        return None, []
    values = {name: getattr(project, name) for name in REQUIRED_FROM}
    names = missing_for(following, values)
    return following, [str(Project._meta.get_field(name).verbose_name) for name in names]  # type: ignore[union-attr]


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Rows of the one list under one heading; three views of the same rows."""

    title: str
    rows: list[ListItem]
    late: int
    done: int


def list_groups(project: Project, view: str, today: date) -> list[ListGroup]:
    """Return the one list by unit (责任清单), by task (任务清单) or by date (时限清单)."""
    rows = list(project.items.select_related("department", "person").order_by("due_on", "pk"))
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
            late=sum(r.status == ItemStatus.OPEN and r.due_on < today for r in found),
            done=sum(r.status == ItemStatus.DONE for r in found),
        )
        for title, found in named.items()
    ]


def approval_rows(
    actor: Actor, project: Project, today: date, calendar: WorkCalendar
) -> list[dict[str, Any]]:
    """Return a project's cases with the working days left of each running clock."""
    rows = Approval.objects.visible_to(actor).filter(project=project)
    told = []
    for case in rows.select_related("matter", "department").order_by("matter__code"):
        case.project = project
        running = case.due_on is not None and case.status not in ENDED_APPROVALS
        left = calendar.workdays_between(today, case.due_on) if running else None  # type: ignore[arg-type]
        told.append({"case": case, "left": left})
    return told


def team_slots(project: Project) -> list[dict[str, Any]]:
    """Return the slots of the service team with who fills them now."""
    filled: dict[str, list[str]] = {}
    for member in project.team.filter(until=None).select_related("user"):
        filled.setdefault(member.slot, []).append(member.user.display_name)
    return [{"label": slot.label, "who": _(", ").join(filled.get(slot, []))} for slot in TeamSlot]


def due_approvals(actor: Actor, until: date) -> QuerySet[Approval]:
    """Return the running cases the actor may see that are due by a day."""
    return (
        Approval.objects.visible_to(actor)
        .exclude(status__in=ENDED_APPROVALS)
        .filter(due_on__lte=until)
        .select_related("project", "matter", "department")
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

"""Reads of the project room."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import ngettext

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import day_start, local_date
from crm.common.face import formatting
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records.transitions import history
from crm.models import Enterprise
from projects.enums import ENDED_APPROVALS, STAGES, ApprovalStatus, ItemStatus, Stage
from projects.models import Approval, ListItem, MatterVersion, Project, TeamSlot
from projects.rules import running_days

STAGE_KEY = "projects.stage"
SUGGESTED = 8


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


def stage_steps(project: Project, today: date) -> list[dict[str, Any]]:
    """Return the stage rail: every stage with the day it was reached and the days in it."""
    moves = history(project).filter(machine=STAGE_KEY)
    taken = [row for row in moves if not row.move.startswith("undo")]
    reached = {row.to_state: local_date(row.at) for row in taken}
    reached.setdefault(Stage.LEAD, local_date(project.created_at))
    current = STAGES.index(Stage(project.stage))
    steps = []
    for number, stage in enumerate(STAGES):
        state = "done" if number < current else "now" if number == current else "todo"
        day = reached.get(stage) if number <= current else None
        left = reached.get(STAGES[number + 1]) if number < current else today
        sub = [_narrow(day, today)] if day else []
        if day and left:
            days = (left - day).days
            sub.append(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
        steps.append({"name": stage.label, "state": state, "sub": sub})
    return steps


def _narrow(day: date, today: date) -> str:
    """Write a day so that it stays on one line of the rail: 2021-05-31 in another year."""
    return formatting.day(day) if day.year == today.year else day.isoformat()


@dataclass(frozen=True, slots=True)
class ListGroup:
    """Rows of the one list under one heading; three views of the same rows."""

    title: str
    rows: list[ListItem]
    late: int
    done: int


# The one list shows what is open and what was closed in so many days; the rest on demand.
CLOSED_SHOWN = timedelta(days=10)


def list_rows(
    project: Project, view: str, today: date, calendar: WorkCalendar, *, whole: bool
) -> list[ListItem]:
    """Return the rows of the one list in the order of a view, with the working days left."""
    found = project.items.select_related("department", "person").prefetch_related("predecessors")
    if not whole:
        since = day_start(today - CLOSED_SHOWN)
        found = found.filter(Q(status=ItemStatus.OPEN) | Q(updated_at__gte=since))
    due_first = view == "due"
    rows = list(found.order_by(*(("due_on", "order") if due_first else ("order", "due_on"))))
    for row in rows:
        row.project = project
        row.left = calendar.workdays_between(today, row.due_on) if row.is_open else None
    return rows


def list_groups(rows: list[ListItem], view: str, today: date) -> list[ListGroup]:
    """Return the one list by unit (责任清单), by task (任务清单) or by date (时限清单)."""
    named: dict[str, list[ListItem]] = {}
    for row in rows:
        if view == "task":
            key = str(row.get_source_display())
        elif view == "due":
            key = formatting.month(row.due_on)
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
    """Return a project's cases with the working days left and used of each clock."""
    found = Approval.objects.visible_to(actor).filter(project=project)
    found = found.select_related("matter", "version_of_matter", "department")
    rows = found.prefetch_related("pauses").order_by("matter__code")
    told = []
    for case in rows:
        case.project = project
        running = case.due_on is not None and case.status not in ENDED_APPROVALS
        left = calendar.workdays_between(today, case.due_on) if running else None  # type: ignore[arg-type]
        used = None
        if case.accepted_on is not None:
            stops = [pause.as_pause() for pause in case.pauses.all()]
            used = calendar.workdays_between(case.accepted_on, case.decided_on or today, stops)
        promised = case.promised_days
        slips = used is not None and promised is not None and used > promised
        told.append({"case": case, "left": left, "used": used, "slips": slips, "bar": None})
    return told


# Beyond so many working days the bars of a project's cases are no picture any more.
LONGEST_AXIS = 60
SHORT_AXIS = 30


NO_AXIS: dict[str, Any] = {"n": 10, "ticks": [], "now": None, "drawn": False}


def gantt(cases: list[dict[str, Any]], today: date, calendar: WorkCalendar) -> dict[str, Any]:
    """Lay the cases on an axis of the working days on which a case ran; give each its bar.

    The time between two cases, when no clock ran, is cut out: the axis is the whole process.
    Nothing is drawn where no clock has run yet, or it would be too long for one picture.
    """
    begun = [row["case"] for row in cases if row["case"].accepted_on]
    if not begun:
        return NO_AXIS
    spans = [(case.accepted_on, case.decided_on or today, ()) for case in begun]
    running = sorted(running_days(spans, calendar))
    now = bisect_right(running, today)
    for row in cases:
        case = row["case"]
        begins = bisect_right(running, case.accepted_on) if case.accepted_on else now
        row["bar"] = _bar(row, begins)
    ends = [row["bar"]["a"] + max(row["bar"]["pr"], row["bar"]["d"]) for row in cases]
    axis = max(10, -(-max(ends) // 5) * 5)
    if axis > LONGEST_AXIS:
        for row in cases:
            row["bar"] = None
        return NO_AXIS
    for row in cases:
        row["bar"]["st"] = min(row["bar"]["st"], axis - row["bar"]["a"])
    step = 5 if axis <= SHORT_AXIS else 10
    ticks = [{"at": n, "left": n * 100 / axis} for n in range(step, axis, step)]
    return {"n": axis, "ticks": ticks, "now": now if now <= axis else None, "drawn": True}


def _bar(row: dict[str, Any], begins: int) -> dict[str, Any]:
    case, used = row["case"], row["used"]
    version = case.version_of_matter
    promised = case.promised_days or version.promised_days or 0
    slip = max(0, used - promised) if used is not None and promised else 0
    state = "plan" if used is None else "slip" if slip else "" if case.decided_on else "risk"
    return {
        "a": begins,
        "st": case.statutory_days or version.statutory_days or 0,
        "pr": promised,
        "d": promised if used is None else max(used, 1),
        "state": state,
        "slip": slip,
    }


def team_slots(project: Project) -> list[dict[str, Any]]:
    """Return the slots of the service team with who fills them now."""
    filled: dict[int, list[Any]] = {}
    for member in project.team.all():
        if member.until is None:
            filled.setdefault(member.slot_id, []).append(member)
    return [
        {"slot": slot, "members": filled.get(slot.pk, [])}
        for slot in TeamSlot.objects.filter(active=True)
    ]


def open_matters(project: Project, day: date) -> QuerySet[MatterVersion]:
    """Return the matters of the catalogue that are in force and not under way in a project."""
    live = project.approvals.exclude(status=ApprovalStatus.REFUSED).values("matter")
    rows = MatterVersion.objects.in_force(day).exclude(matter__in=live)
    return rows.select_related("department", "matter").order_by("matter__code")


def enterprises_called(actor: Actor, text: str) -> QuerySet[Enterprise]:
    """Return the enterprises of the register with exactly this name or credit code."""
    wanted = text.strip()
    named = Q(name=wanted) | Q(uscc=wanted.upper())
    return Enterprise.objects.visible_to(actor).filter(named)  # type: ignore[return-value]


def suggested_enterprises(actor: Actor, text: str) -> list[Enterprise]:
    """Return the first enterprises of the register that fit what is being typed."""
    if len(text.strip()) < 2:
        return []
    rows = Enterprise.objects.visible_to(actor).matching(text)
    return list(rows.select_related("area")[:SUGGESTED])


def due_approvals(actor: Actor, until: date) -> QuerySet[Approval]:
    """Return the running cases that are the actor's to push or to decide, due by a day.

    Agents push what was entrusted; a department decides what lies with it, entrusted or not.
    """
    rows = Approval.objects.visible_to(actor)
    if not actor.has(Role.HANDLER):
        rows = rows.exclude(entrusted_at=None)
    return (
        rows.exclude(status__in=ENDED_APPROVALS)
        .filter(due_on__lte=until)
        .select_related("project", "version_of_matter", "department")
        .order_by("due_on")
    )


def due_items(actor: Actor, until: date) -> QuerySet[ListItem]:
    """Return the open rows of the one list the actor has to do with, due by a day.

    A department's handlers get what is theirs to do. Rows that wait for another are left out:
    nobody can do them yet.
    """
    rows = ListItem.objects.visible_to(actor).filter(status=ItemStatus.OPEN, due_on__lte=until)
    if actor.has(Role.HANDLER) and not actor.has(Role.AGENT, Role.LEAD):
        rows = rows.filter(department_id__in=actor.department_ids)
    before = ListItem.objects.filter(successors=OuterRef("pk"), status=ItemStatus.OPEN)
    return (
        rows.exclude(Exists(before))  # type: ignore[return-value]
        .select_related("project", "department")
        .order_by(F("due_on").asc(), "pk")
    )


def mine(actor: Actor) -> Q:
    """Return the condition for projects on whose team the actor is now."""
    return Q(team__user_id__in=actor.person_ids, team__until=None)


def open_cases_of(user: User) -> QuerySet[Approval]:
    """Return the approvals a person pushes that nothing was decided on yet."""
    return Approval.objects.filter(agent=user, decided_on=None)

"""What the project room shows on pages of others."""

from datetime import date
from typing import Any

from django.db.models import Count, Q

from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.face.formatting import limit_lamp
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from projects.enums import ApprovalStatus, DecisionStatus, Light
from projects.models import Approval, Project, TeamMember, ZeroBurdenDecision
from projects.selectors import by_urgency, mine

MINE_SHOWN = 7
LATE_SHOWN = 8
CASES_SHOWN = 10


def enterprise_projects(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the projects of an enterprise for its page."""
    rows = Project.objects.visible_to(actor).filter(enterprise=enterprise)
    found = list(rows.select_related("area")[:6])
    return {"enterprise_projects": found} if found else None


def own_projects(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return to an enterprise its projects: the step each stands on, and its approvals done."""
    if enterprise.pk not in actor.enterprise_ids:
        return None
    rows = Project.objects.visible_to(actor).filter(enterprise=enterprise)
    done = Q(approvals__decided_on__isnull=False)
    counted = rows.annotate(
        cases=Count("approvals", distinct=True),
        decided=Count("approvals", filter=done, distinct=True),
    )
    found = list(counted.order_by("-created_at", "-pk")[:MINE_SHOWN])
    return {"own_projects": found} if found else None


def my_projects(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the actor's running projects with their lights, the late ones first."""
    if not actor.has(Role.AGENT, Role.LEAD):
        return None
    found = list(by_urgency(Project.objects.running().filter(mine(actor)))[:MINE_SHOWN])
    return {"my_projects": found} if found else None


def late_projects(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the running projects with something late, to whoever answers for all of them."""
    if not actor.has(Role.LEADER, Role.AUDITOR):
        return None
    rows = Project.objects.visible_to(actor).running().filter(light=Light.RED)
    found = list(by_urgency(rows).select_related("area")[:LATE_SHOWN])
    return {"late_projects": found, "late_total": rows.count()} if found else None


def team_load(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return to a lead the agents with late projects and the worst of each: who needs help."""
    if not actor.has(Role.LEAD):
        return None
    seen = Project.objects.visible_to(actor).running().values("pk")
    rows = TeamMember.objects.filter(
        project__in=seen, until=None, user__role_grants__role=Role.AGENT
    ).exclude(user_id=actor.user_id or 0)
    people: dict[int, dict[str, Any]] = {}
    for row in rows.select_related("user", "project").order_by("-project__late", "project__pk"):
        one = people.setdefault(row.user_id or 0, {"user": row.user, "projects": {}})
        one["projects"].setdefault(row.project_id, row.project)
    found = []
    for one in people.values():
        held = list(one["projects"].values())
        late = [project for project in held if project.light == Light.RED]
        if late:
            found.append({**one, "total": len(held), "late": len(late), "worst": late[0]})
    found.sort(key=lambda one: (-one["late"], one["total"]))
    return {"team_load": found[:MINE_SHOWN]} if found else None


def unit_cases(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return a department's running cases with their clocks, and those whose clock stands still."""
    if not actor.has(Role.HANDLER):
        return None
    rows = Approval.objects.visible_to(actor).filter(department_id__in=actor.department_ids)
    rows = rows.select_related("project", "version_of_matter").prefetch_related("pauses")
    calendar = load_calendar()
    going = (ApprovalStatus.ACCEPTED, ApprovalStatus.UNDER_REVIEW)
    running = [
        _clock(case, day, calendar)
        for case in rows.filter(status__in=going, due_on__isnull=False).order_by("due_on", "pk")
    ]
    paused = [
        _stop(case, day, calendar)
        for case in rows.filter(status=ApprovalStatus.PAUSED).order_by("due_on", "pk")
    ]
    if not running and not paused:
        return None
    return {
        "cases": running[:CASES_SHOWN],
        "case_total": len(running),
        "paused": paused[:CASES_SHOWN],
        "paused_total": len(paused),
    }


def _clock(case: Approval, day: date, calendar: WorkCalendar) -> dict[str, Any]:
    """Return what a running case has used of what was promised, as a bar of the statutory days."""
    stops = [pause.as_pause() for pause in case.pauses.all()]
    used = calendar.workdays_between(case.accepted_on or day, day, stops)
    promised = case.promised_days or 0
    whole = max(case.statutory_days or promised, used, 1)
    left = calendar.workdays_between(day, case.due_on or day)
    lamp = limit_lamp(left)
    tone = {"over": "red", "risk": "hatch"}.get(lamp.state, "mid")
    return {
        "case": case,
        "used": used,
        "lamp": lamp,
        "parts": [{"start": 0, "width": 100 * used / whole, "tone": tone}],
        "tick": 100 * promised / whole if promised else None,
    }


def _stop(case: Approval, day: date, calendar: WorkCalendar) -> dict[str, Any]:
    """Return since when and why the clock of a case stands still, and what is left of it."""
    stop = next((pause for pause in case.pauses.all() if pause.end_on is None), None)
    since = stop.start_on if stop else day
    left = calendar.workdays_between(since, case.due_on) if case.due_on else None
    return {
        "case": case,
        "since": since,
        "why": stop.reason if stop else "",
        "days": calendar.workdays_between(since, day),
        "left": left,
    }


def reliefs_waiting(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the zero-burden decisions that wait for whoever puts them into force."""
    if not actor.has(Role.LEADER, Role.FINANCE):
        return None
    rows = ZeroBurdenDecision.objects.visible_to(actor).filter(status=DecisionStatus.PROPOSED)
    rows = rows.exclude(created_by_id=actor.user_id).select_related("project").order_by("pk")
    found = list(rows)
    return {
        "reliefs": found[:LATE_SHOWN],
        "relief_total": len(found),
        "relief_fen": sum(row.relieved_fen for row in found),
        "relief_opens": actor.has(Role.LEADER),
    }


register(
    "cms.today",
    Panel("projects.reliefs", 15, "projects/panel_reliefs.html", reliefs_waiting, "main"),
)
register(
    "cms.today",
    Panel("projects.cases", 12, "projects/panel_cases.html", unit_cases, "main"),
)
register(
    "cms.today",
    Panel("projects.team", 12, "projects/panel_team.html", team_load, "side"),
)
register(
    "cms.today",
    Panel("projects.late", 20, "projects/panel_late.html", late_projects, "side"),
)
register(
    "cms.today",
    Panel("projects.mine", 10, "projects/panel_mine.html", my_projects, "side"),
)
register(
    "crm.enterprise",
    Panel("projects.of_enterprise", 20, "projects/panel_projects.html", enterprise_projects),
)
register(
    "portal.home",
    Panel("projects.own", 30, "projects/panel_own.html", own_projects),
)

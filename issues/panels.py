"""What this room shows on pages of others."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.people.actor import Actor
from crm.common.people.enums import CASE_ROLES, Role
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from issues.enums import SweepStatus
from issues.models import Issue, Sweep, SweepTarget
from issues.permissions import can_log, can_request_meeting
from issues.selectors import ledger
from issues.selectors.people import agent_for
from projects.models import Project

SHOWN, OVERDUE_SHOWN, VISITS_SHOWN = 6, 10, 3


def _issue_panel(actor: Actor, rows: QuerySet[Issue], subject: str) -> dict[str, Any]:
    counted = rows.counted(load_calendar(), clock.today())  # type: ignore[attr-defined]
    log = reverse("staff:issues:issue_log")
    return {
        "issues": list(counted.select_related("category").order_by("-received_at")[:SHOWN]),
        "issue_total": rows.count(),
        "issue_open": rows.in_progress().count(),  # type: ignore[attr-defined]
        "issue_log_url": f"{log}?subject={subject}" if can_log(actor) else "",
    }


def enterprise_issues(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the issues of an enterprise for its page."""
    if not actor.has(*CASE_ROLES):
        return None
    rows = ledger.issues(actor).filter(enterprise=enterprise)
    return _issue_panel(actor, rows, f"e:{enterprise.pk}")


def project_issues(actor: Actor, project: Project) -> dict[str, Any] | None:
    """Return the issues of a project for its page."""
    if not actor.has(*CASE_ROLES):
        return None
    rows = ledger.issues(actor).filter(project=project)
    about = f"p:{project.pk}"
    meeting = f"{reverse('staff:issues:meeting_request')}?about={about}"
    return {
        **_issue_panel(actor, rows, about),
        "issue_meeting_url": meeting if can_request_meeting(actor) else "",
    }


def portal_issues(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return what the enterprise has reported and is not struck off, and its agent."""
    if enterprise.pk not in actor.enterprise_ids:
        return None
    rows = ledger.issues(actor).filter(enterprise=enterprise)
    going = rows.in_progress().counted(load_calendar(), clock.today()).named()  # type: ignore[attr-defined]
    return {
        "reported": list(going.order_by("due_on", "pk")[:SHOWN]),
        "reported_total": rows.count(),
        "agent": agent_for(enterprise.area),
    }


def overdue_issues(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the issues past their day, the oldest first, to whoever answers for all of them."""
    if not actor.has(Role.LEADER, Role.LEAD, Role.AUDITOR):
        return None
    rows = ledger.overdue(ledger.issues(actor), day)
    counted = rows.counted(load_calendar(), day).named()  # type: ignore[attr-defined]
    found = counted.select_related("enterprise", "project", "category").order_by("due_on", "pk")
    return {"overdue": list(found[:OVERDUE_SHOWN]), "overdue_total": rows.count()}


def day_acts(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return what a desk's head offers: to log a visit, to sign for all that waits."""
    if actor.has(Role.AGENT, Role.LEAD):
        going = Sweep.objects.visible_to(actor).filter(status=SweepStatus.OPEN).first()
        page = reverse("staff:crm:enterprise_list")
        if going is not None:
            page = reverse("staff:issues:sweep_detail", args=[going.pk]) + "#left"
        return {"visit_url": page, "to_sign": 0}
    waiting = len(ledger.to_sign(actor))
    return {"visit_url": "", "to_sign": waiting} if waiting else None


def own_visits(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return how far the actor is in the round that is going on, and where to go next."""
    if not actor.has(Role.AGENT):
        return None
    mine = SweepTarget.objects.visible_to(actor).filter(
        sweep__status=SweepStatus.OPEN, owner_id=actor.user_id
    )
    seen = ledger.issues(actor).values("pk")
    rows = mine.select_related("sweep", "enterprise", "project").annotate(
        found=Count("visit__issues", filter=Q(visit__issues__in=seen))
    )
    targets = list(rows.order_by("planned_on", "pk"))
    if not targets:
        return None
    left = [one for one in targets if not one.is_settled]
    return {
        "round": targets[0].sweep,
        "visits_total": len(targets),
        "visits_done": len(targets) - len(left),
        "visits_share": 100 * (len(targets) - len(left)) / len(targets),
        "visits_found": sum(one.found for one in targets),  # type: ignore[attr-defined]
        "visits_left": left[:VISITS_SHOWN],
        "visits_more": max(0, len(left) - VISITS_SHOWN),
    }


register("cms.today.actions", Panel("issues.day_acts", 10, "issues/panel_day_acts.html", day_acts))
register("cms.today", Panel("issues.visits", 20, "issues/panel_visits.html", own_visits, "side"))
register(
    "cms.today", Panel("issues.overdue", 10, "issues/panel_overdue.html", overdue_issues, "main")
)
register("portal.home", Panel("issues.reported", 5, "issues/portal_panel.html", portal_issues))
register(
    "crm.enterprise",
    Panel("issues.of_enterprise", 30, "issues/panel_issues.html", enterprise_issues),
)
register(
    "projects.project", Panel("issues.of_project", 40, "issues/panel_issues.html", project_issues)
)

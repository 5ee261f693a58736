"""What this room shows on pages of others."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.days.clock import day_start
from crm.common.people.actor import Actor
from crm.common.people.enums import CASE_ROLES, Role
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from issues.models import Issue
from issues.permissions import can_log, can_request_meeting
from issues.selectors import ledger, rounds
from issues.selectors.people import agent_for
from projects.models import Project

SHOWN, OVERDUE_SHOWN, MEETING_DAYS = 6, 10, 7


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


def meetings_ahead(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return the meetings from the day on, for a week."""
    if not actor.has(*CASE_ROLES):
        return None
    end = day_start(day + timedelta(days=MEETING_DAYS))
    rows = rounds.meetings(actor).filter(planned_at__gte=day_start(day), planned_at__lt=end)
    found = list(rows.order_by("planned_at", "pk")[:SHOWN])
    return {"meetings_ahead": found} if found else None


register(
    "cms.today", Panel("issues.overdue", 10, "issues/panel_overdue.html", overdue_issues, "main")
)
register(
    "cms.today", Panel("issues.meetings", 30, "issues/panel_meetings.html", meetings_ahead, "side")
)
register("portal.home", Panel("issues.reported", 5, "issues/portal_panel.html", portal_issues))
register(
    "crm.enterprise",
    Panel("issues.of_enterprise", 30, "issues/panel_issues.html", enterprise_issues),
)
register(
    "projects.project", Panel("issues.of_project", 40, "issues/panel_issues.html", project_issues)
)

"""What this room shows on pages of others."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.people.actor import Actor
from crm.common.people.enums import CASE_ROLES
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from issues.models import Issue
from issues.permissions import can_log, can_request_meeting
from issues.selectors import ledger
from issues.selectors.people import agent_for
from projects.models import Project

SHOWN = 6


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


register("portal.home", Panel("issues.reported", 5, "issues/portal_panel.html", portal_issues))
register(
    "crm.enterprise",
    Panel("issues.of_enterprise", 30, "issues/panel_issues.html", enterprise_issues),
)
register(
    "projects.project", Panel("issues.of_project", 40, "issues/panel_issues.html", project_issues)
)

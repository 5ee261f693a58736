"""The ledger and the page of one issue."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.face.lists import list_response
from crm.common.face.moves import MoveForm, offers
from crm.common.http import Request
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.comments import comments_of
from crm.models import Enterprise
from issues.forms import TelephoneForm
from issues.models import Issue
from issues.permissions import can_add_file, can_request_meeting, can_urge, is_independent
from issues.selectors import ledger, timeline
from issues.states import ISSUE_MACHINE
from issues.tables import ISSUES
from projects.models import Project


@open_to_staff
def issue_list(request: Request) -> HttpResponse:
    """Show the issues the actor may see, filtered, or export them."""
    return list_response(request, ISSUES)


def detail_context(
    actor: Actor, issue: Issue, bound: MoveForm | None = None, problem: str = ""
) -> dict[str, Any]:
    """Return everything the page of an issue shows."""
    today, calendar = clock.today(), load_calendar()
    moves, parts = timeline.moves_of(issue), issue.parts
    conditions = ledger.closing_conditions(issue)
    files = ledger.photos_of(issue)
    said = next((one.said for one in reversed(list(issue.rounds.all())) if one.said), None)
    said_now = issue.current.said
    issue.workdays_left = ledger.days_left(issue, today, calendar)
    return {
        "issue": issue,
        "crumbs": _crumbs(issue),
        "rail": timeline.rail(issue, moves, parts, today, calendar),
        "conditions": conditions,
        "missing": sum(not one.met for one in conditions),
        "before": [row for row in files if row.purpose == "issue.photo"],
        "after": [row for row in files if row.purpose != "issue.photo"],
        "said": said,
        "parts": parts,
        "events": timeline.timeline(issue, moves),
        "days": timeline.days(issue, today, calendar),
        "used": ledger.days_used(issue, calendar),
        "alike": ledger.alike(issue, actor),
        "moves": [
            one
            for one in offers(
                ISSUE_MACHINE,
                actor,
                issue,
                bound=bound,
                initial={"assign": {"department": issue.category.department_id}},
            )
            if one.name != "close_silent" or issue.current.silent_on(today)
        ],
        "rounds": list(issue.rounds.all())[:-1],
        "may_call": issue.asks_enterprise and said_now is None and is_independent(actor, issue),
        "call_form": TelephoneForm(auto_id="id_call_%s"),
        "link_url": "",
        "may_urge": issue.is_being_handled and can_urge(actor, issue),
        "may_add_file": can_add_file(actor, issue),
        "comments": comments_of(issue),
        "may_comment": actor.is_staff,
        "enterprise_url": _enterprise_url(actor, issue),
        "project_url": _project_url(actor, issue),
        "meeting_url": _meeting_url(actor, issue),
        "problem": problem,
    }


def _enterprise_url(actor: Actor, issue: Issue) -> str:
    """Return the page of the enterprise, for whoever sees it there; calls are made from it."""
    whose = issue.enterprise
    if whose is None or not Enterprise.objects.visible_to(actor).filter(pk=whose.pk).exists():
        return ""
    return reverse("staff:crm:enterprise_detail", args=[whose.pk])


def _project_url(actor: Actor, issue: Issue) -> str:
    """Return the page of the project, for whoever sees it."""
    one = issue.project
    if one is None or not Project.objects.visible_to(actor).filter(pk=one.pk).exists():
        return ""
    return reverse("staff:projects:project_detail", args=[one.pk])


def _meeting_url(actor: Actor, issue: Issue) -> str:
    """Return where a meeting about the issue is asked for; empty at rest or without leave."""
    if not can_request_meeting(actor) or issue.resting_lamp in ("done", "no"):
        return ""
    return f"{reverse('staff:issues:meeting_request')}?about=i:{issue.pk}"


def _crumbs(issue: Issue) -> list[tuple[Any, str | None]]:
    crumbs: list[tuple[Any, str | None]] = [(_("Issues"), reverse("staff:issues:issue_list"))]
    if issue.visit is not None and hasattr(issue.visit, "sweep_target"):
        sweep = issue.visit.sweep_target.sweep
        crumbs.append((sweep.title, reverse("staff:issues:sweep_detail", args=[sweep.pk])))
    return [*crumbs, (issue.number, None)]


@open_to_staff
def issue_detail(request: Request, pk: int) -> HttpResponse:
    """Show one issue with its steps, its evidence and what the actor may do next."""
    issue = find_issue(request, pk)
    return render(request, "issues/issue_detail.html", detail_context(request.actor, issue))


def find_issue(request: Request, pk: int) -> Issue:
    """Return an issue the actor may see, with what its page needs; 404 otherwise."""
    rows = (
        Issue.objects.select_related(
            "enterprise",
            "project",
            "category",
            "area",
            "created_by",
            "visit__sweep_target__sweep",
        )
        .prefetch_related(Prefetch("rounds__assignments", ledger.with_people()))
        .prefetch_related("rounds__confirmations__confirmed_by")
    )
    issue: Issue = get_visible_or_404(rows, request.actor, pk=pk)
    return issue

"""A round before and during its visits: its plan, one target, what was found there."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from issues.forms import FindingForm, SweepPlanForm, SweepVisitForm, TargetOwnerForm
from issues.models import SweepTarget
from issues.permissions import APPROVERS, OFFICE, can_run_sweeps, can_visit
from issues.selectors import ledger, scope
from issues.services import (
    Finding,
    TargetSpec,
    add_sweep_issue,
    give_target,
    plan_sweep,
    record_sweep_visit,
)

READERS = (*OFFICE, Role.AUDITOR)


def _planned(request: Request, data: dict[str, Any]) -> list[scope.Planned]:
    projects = scope.in_scope(request.actor, data["areas"], data["industry"], data["stages"])
    user: Any = request.user
    return scope.plan(projects, user, data["starts_on"], data["ends_on"], load_calendar())


@open_to(*APPROVERS)
def sweep_plan(request: Request) -> HttpResponse:
    """Plan the next round: the scope is shown with who goes where before it is kept."""
    form = SweepPlanForm(request.POST or None)
    planned: list[scope.Planned] = []
    status = 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST":
        planned = _planned(request, form.cleaned_data)
        if "keep" in request.POST:
            try:
                return _keep(request, form.cleaned_data, planned)
            except UserFacingError as problem:
                form.add_error(None, problem.message)
                status = problem.status
    context = {
        "form": form,
        "shown": request.method == "POST" and not form.errors,
        "total": len(planned),
        "owners": Counter(str(one.owner) for one in planned).most_common(),
    }
    return render(request, "issues/sweep_plan.html", context, status=status)


def _keep(request: Request, data: dict[str, Any], planned: list[scope.Planned]) -> HttpResponse:
    sweep = plan_sweep(
        actor=request.actor,
        at=clock.now(),
        title=data["title"],
        starts_on=data["starts_on"],
        ends_on=data["ends_on"],
        targets=[
            TargetSpec(one.project.enterprise, one.owner, one.planned_on, one.project)
            for one in planned
        ],
    )
    messages.success(request, _("The round is planned: %(n)d targets.") % {"n": len(planned)})
    return redirect("staff:issues:sweep_detail", pk=sweep.pk)


def _find(request: Request, pk: int) -> SweepTarget:
    rows = SweepTarget.objects.select_related(
        "sweep", "enterprise", "project", "owner", "visit__visitor"
    )
    found: SweepTarget = get_visible_or_404(rows, request.actor, pk=pk)
    return found


def _page(
    request: Request,
    target: SweepTarget,
    form: SweepVisitForm | None = None,
    finding: FindingForm | None = None,
    status: int = 200,
    giving: TargetOwnerForm | None = None,
) -> HttpResponse:
    acts = can_visit(request.actor) and target.sweep.is_open
    found = ledger.issues(request.actor).filter(visit=target.visit) if target.visit else ()
    context = {
        "target": target,
        "form": form or SweepVisitForm(initial={"visited_at": clock.now()}),
        "finding": finding or FindingForm(),
        "may_visit": acts and not target.is_settled,
        "may_excuse": acts and not target.is_settled and can_run_sweeps(request.actor),
        "giving": giving or TargetOwnerForm(initial={"owner": target.owner_id}),
        "may_add": acts and target.visit is not None,
        "found": found,
    }
    return render(request, "issues/sweep_target.html", context, status=status)


@open_to(*READERS)
def sweep_target(request: Request, pk: int) -> HttpResponse:
    """Show one target: who was there and what was found, or the form that records it."""
    return _page(request, _find(request, pk))


def _finding(finding: FindingForm) -> Finding:
    data = finding.cleaned_data
    return Finding(
        category=data["category"],
        verbatim=data["verbatim"],
        severity=data["severity"],
        department=data["category"].department,
        photos=data["photos"],
    )


@open_to(*OFFICE)
@require_POST
def sweep_visit(request: Request, pk: int) -> HttpResponse:
    """Record a visit: who was met, what was asked, and what was found or that nothing was."""
    target, form = _find(request, pk), SweepVisitForm(request.POST)
    wants = request.POST.get("result") == "found"
    finding = FindingForm(request.POST, request.FILES) if wants else None
    if not form.is_valid() or (finding is not None and not finding.is_valid()):
        return _page(request, target, form, finding, 422)
    data = form.cleaned_data
    try:
        record_sweep_visit(
            actor=request.actor,
            at=clock.now(),
            target=target,
            findings=[_finding(finding)] if finding is not None else (),
            note=data["note"],
            met=data["met"],
            visited_at=data["visited_at"],
        )
    except UserFacingError as problem:
        form.add_error(None, problem.message)
        return _page(request, _find(request, pk), form, finding, problem.status)
    if finding is None:
        messages.success(request, _("%(name)s: visited, nothing found.") % {"name": target.name})
        return redirect("staff:issues:sweep_detail", pk=target.sweep_id)
    messages.success(request, _("%(name)s: visited, an issue is logged.") % {"name": target.name})
    return redirect("staff:issues:sweep_target", pk=pk)


@open_to(*OFFICE)
@require_POST
def sweep_finding(request: Request, pk: int) -> HttpResponse:
    """Log one more issue of a visit that is on record."""
    target, finding = _find(request, pk), FindingForm(request.POST, request.FILES)
    if not finding.is_valid():
        return _page(request, target, None, finding, 422)
    try:
        issue = add_sweep_issue(
            actor=request.actor, at=clock.now(), target=target, finding=_finding(finding)
        )
    except UserFacingError as problem:
        finding.add_error(None, problem.message)
        return _page(request, _find(request, pk), None, finding, problem.status)
    messages.success(request, _("%(number)s is on record.") % {"number": issue.number})
    return redirect("staff:issues:sweep_target", pk=pk)


@open_to(*APPROVERS)
@require_POST
def sweep_give(request: Request, pk: int) -> HttpResponse:
    """Give a target to another agent."""
    target, form = _find(request, pk), TargetOwnerForm(request.POST)
    if not form.is_valid():
        return _page(request, target, status=422, giving=form)
    owner = form.cleaned_data["owner"]
    try:
        give_target(actor=request.actor, at=clock.now(), target=target, owner=owner)
    except UserFacingError as problem:
        form.add_error(None, problem.message)
        return _page(request, _find(request, pk), status=problem.status, giving=form)
    told = {"name": target.name, "who": str(owner)}
    messages.success(request, _("%(name)s is now visited by %(who)s.") % told)
    return redirect("staff:issues:sweep_target", pk=pk)

"""One address per kind of record for its moves: the tables say what is asked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.common.face.moves import MoveForm, answer
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.transitions import Machine
from projects.models import Approval, ListItem, Project, ZeroBurdenDecision
from projects.states import (
    APPROVAL_MACHINE,
    ITEM_MACHINE,
    RELIEF_MACHINE,
    STAGE_MACHINE,
    STANDING_MACHINE,
)
from projects.views.projects import detail_context

PAGE = "staff:projects:project_detail"


@require_POST
@open_to_staff
def project_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Move a project's stage or standing; what cannot be done says why, on its page."""
    machine = STAGE_MACHINE if move in STAGE_MACHINE.moves else STANDING_MACHINE
    project: Project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        fresh = get_visible_or_404(
            Project.objects.select_related("enterprise", "area", "industry"), request.actor, pk=pk
        )
        context = detail_context(request, fresh, form, problem)
        return render(request, "projects/project_detail.html", context, status=status)

    def done() -> HttpResponse:
        if not Project.objects.visible_to(request.actor).filter(pk=pk).exists():
            return redirect("staff:projects:project_list")
        return redirect(PAGE, pk)

    return answer(request, machine, project, move, subject="project", again=again, done=done)


def _of_project(
    request: Request, machine: Machine, obj: Any, move: str, subject: str
) -> HttpResponse:
    """Answer a move of a row on the project's page; a refusal is told there."""

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        words = problem or " ".join(str(text) for texts in form.errors.values() for text in texts)
        messages.error(request, words)
        return redirect(PAGE, obj.project_id)

    def done() -> HttpResponse:
        return redirect(PAGE, obj.project_id)

    return answer(request, machine, obj, move, subject=subject, again=again, done=done)


@require_POST
@open_to_staff
def item_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Finish, drop or reopen one row of the one list."""
    item = get_visible_or_404(ListItem.objects.select_related("project"), request.actor, pk=pk)
    return _of_project(request, ITEM_MACHINE, item, move, "item")


@require_POST
@open_to_staff
def approval_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one step of an approval case."""
    rows = Approval.objects.select_related("project", "matter")
    case = get_visible_or_404(rows, request.actor, pk=pk)
    return _of_project(request, APPROVAL_MACHINE, case, move, "approval")


@require_POST
@open_to_staff
def relief_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Put a zero-burden decision into force, or revoke it."""
    rows = ZeroBurdenDecision.objects.select_related("project")
    decision = get_visible_or_404(rows, request.actor, pk=pk)
    return _of_project(request, RELIEF_MACHINE, decision, move, "decision")

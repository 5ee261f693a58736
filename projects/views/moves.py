"""One address per kind of record for its moves: the tables say what is asked."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.face.moves import MoveForm
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.transitions import Machine, Move, MoveRefused, Tone
from projects.forms import FACTS, StageForm
from projects.models import Approval, ListItem, Project, ZeroBurdenDecision
from projects.services import undo_item, undo_stage
from projects.states import (
    APPROVAL_MACHINE,
    ITEM_MACHINE,
    RELIEF_MACHINE,
    STAGE_MACHINE,
    STANDING_MACHINE,
)
from projects.views.acts import Act, finished, require, run


def _move(machine: Machine, name: str) -> Move:
    move = machine.moves.get(name)
    if move is None or move.hidden or name not in machine.services:
        raise Http404(_("There is no such step."))
    return move


def _refuse_early(machine: Machine, move: Move, obj: Any, request: Request) -> None:
    """Say before any form is filled that the step is not open to the actor, or not now."""
    sentence = _("“%(move)s” is not yours to do here.") % {"move": move.label}
    require(move.allowed(request.actor, obj), sentence)
    if request.method != "POST" and machine.state_of(obj) not in move.sources:
        raise MoveRefused(
            _("“%(move)s” is not possible while the state is “%(state)s”. Reload the page.")
            % {"move": move.label, "state": machine.state_label(machine.state_of(obj))}
        )


def _form(request: Request, move: Move, obj: Any, missing: list[str]) -> MoveForm:
    first = {"version": obj.version}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    if any(name in FACTS for name in missing):
        return StageForm(*sent, move=move, initial=first, actor=request.actor, missing=missing)
    return MoveForm(*sent, move=move, initial=first)


def _make(
    request: Request,
    machine: Machine,
    name: str,
    obj: Any,
    *,
    subject: str,
    project: Project,
    focus: str,
    undo: str = "",
) -> HttpResponse:
    """Ask for what a move needs, make it, and say what happened."""
    move = _move(machine, name)
    _refuse_early(machine, move, obj, request)
    lacks = tuple(move.requires(obj))
    form = _form(request, move, obj, [one.name for one in lacks])

    def do(data: dict[str, Any]) -> str:
        given = {ask.name: data[ask.name] for ask in move.asks}
        if facts := {key: data[key] for key in FACTS if key in data}:
            given["facts"] = facts
        machine.services[name](
            actor=request.actor, at=clock.now(), version=data["version"], **{subject: obj}, **given
        )
        if move.done:
            return str(move.done)
        told = {"what": str(getattr(obj, "name", obj)), "move": move.label}
        return _("%(what)s: %(move)s.") % told

    act = Act(
        title=str(move.label),
        project=project,
        form=form,
        submit=str(move.label),
        about=str(getattr(obj, "name", obj)),
        icon=move.icon,
        danger=move.tone is Tone.DANGER,
        focus=focus,
        lacks=[one for one in lacks if one.name not in form.fields],
        suggests="enterprise" in form.fields,
        record=obj,
    )
    return run(request, act, do, undo)


@open_to_staff
def project_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Move a project's stage or standing."""
    machine = STAGE_MACHINE if move in STAGE_MACHINE.moves else STANDING_MACHINE
    project: Project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)
    on = machine is STAGE_MACHINE and move.startswith("to_")
    undo = reverse("staff:projects:project_undo", args=[pk]) if on else ""
    return _make(
        request,
        machine,
        move,
        project,
        subject="project",
        project=project,
        focus="next",
        undo=undo,
    )


@open_to_staff
def item_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Finish, drop or reopen one row of the one list."""
    item = get_visible_or_404(ListItem.objects.select_related("project"), request.actor, pk=pk)
    closes = move in ("finish", "drop")
    undo = reverse("staff:projects:item_undo", args=[pk]) if closes else ""
    return _make(
        request,
        ITEM_MACHINE,
        move,
        item,
        subject="item",
        project=item.project,
        focus=f"item-{pk}",
        undo=undo,
    )


@open_to_staff
def approval_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one step of an approval case."""
    rows = Approval.objects.select_related("project", "matter", "version_of_matter")
    case = get_visible_or_404(rows, request.actor, pk=pk)
    return _make(
        request,
        APPROVAL_MACHINE,
        move,
        case,
        subject="approval",
        project=case.project,
        focus=f"case-{pk}",
    )


@open_to_staff
def relief_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Put a zero-burden decision into force, or revoke it."""
    rows = ZeroBurdenDecision.objects.select_related("project")
    decision = get_visible_or_404(rows, request.actor, pk=pk)
    return _make(
        request,
        RELIEF_MACHINE,
        move,
        decision,
        subject="decision",
        project=decision.project,
        focus=f"relief-{pk}",
    )


def _undone(request: Request, pk: int, focus: str, undo: Any) -> HttpResponse:
    try:
        undo()
    except UserFacingError as problem:
        return HttpResponse(str(problem.message), status=problem.status)
    return HttpResponse(status=204) if request.htmx else finished(request, pk, focus)


@require_POST
@open_to_staff
def project_undo(request: Request, pk: int) -> HttpResponse:
    """Take back the step the actor has just made."""
    project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)
    return _undone(
        request,
        pk,
        "next",
        lambda: undo_stage(actor=request.actor, project=project, at=clock.now()),
    )


@require_POST
@open_to_staff
def item_undo(request: Request, pk: int) -> HttpResponse:
    """Take back the striking off the actor has just made."""
    item = get_visible_or_404(ListItem.objects.select_related("project"), request.actor, pk=pk)
    return _undone(
        request,
        item.project_id,
        f"item-{pk}",
        lambda: undo_item(actor=request.actor, item=item, at=clock.now()),
    )

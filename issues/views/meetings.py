"""Coordination meetings: the list, and what one of them settled."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.face import formatting
from crm.common.face.lists import list_response
from crm.common.face.moves import MoveForm, answer, offers
from crm.common.http import Request
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.models import Transition
from crm.common.records.transitions import history, move_of
from issues.models import Meeting
from issues.permissions import keeps_agenda, keeps_minutes, may_sign, sees_whole_agenda
from issues.selectors import rounds
from issues.selectors.matters import find_matters
from issues.selectors.timeline import meeting_rail as rail
from issues.states import MEETING_MACHINE
from issues.tables import MEETINGS


@open_to_staff
def meeting_list(request: Request) -> HttpResponse:
    """Show the meetings the actor may see."""
    return list_response(request, MEETINGS)


def meeting_page(
    request: Request, pk: int, bound: MoveForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    """Draw the page of one meeting: what is on, what was settled, what the actor may do."""
    actor = request.actor
    rows = rounds.meetings(actor).select_related("created_by", "signed_by")
    meeting = get_visible_or_404(rows, actor, pk=pk)
    moves = list(history(meeting))
    items = list(rounds.agenda(actor, meeting))
    context = {
        "meeting": meeting,
        "items": items,
        "follow_up": rounds.follow_up(items, clock.today()),
        "rail": rail(meeting, moves),
        "present": "、".join(meeting.present),
        "excused": "、".join(meeting.excused),
        "steps": [
            {
                "title": told(move),
                "when": formatting.moment(move.at),
                "who": move.actor_name,
            }
            for move in moves
        ],
        "moves": [
            one
            for one in offers(MEETING_MACHINE, actor, meeting, bound=bound, initial=_typed(meeting))
            if one.name in MEETING_MACHINE.services
        ],
        "problem": problem,
        **_agenda_work(request, meeting),
        **_minutes_work(actor, meeting),
    }
    return render(request, "issues/meeting_detail.html", context, status=status)


def told(move: Transition) -> str:
    """Return what a row of the log says: the state reached, or the change of the agenda."""
    if move.from_state == move.to_state and (known := move_of(move)) is not None:
        return str(known.label)
    return MEETING_MACHINE.state_label(move.to_state)


def _typed(meeting: Meeting) -> dict[str, dict[str, Any]]:
    """Return what is known of a meeting before it is recorded as held."""
    return {"hold": {"held_at": meeting.planned_at, "place": meeting.place}}


def _agenda_work(request: Request, meeting: Meeting) -> dict[str, Any]:
    """Return what changes the agenda: the search and what it found, for whoever keeps it."""
    if not meeting.is_ahead or not keeps_agenda(request.actor, meeting):
        return {"keeps_agenda": False}
    query = request.GET.get("q", "")
    found = find_matters(request.actor, query, meeting)
    return {"keeps_agenda": True, "query": query, "found": found}


def _minutes_work(actor: Actor, meeting: Meeting) -> dict[str, Any]:
    """Return whether the actor writes the minutes now, and may take them along."""
    writes = meeting.status in MEETING_MACHINE.moves["draft"].sources
    return {
        "may_write": writes and keeps_minutes(actor, meeting),
        "may_export": bool(meeting.minutes) and sees_whole_agenda(actor, meeting),
        "drafted": meeting.awaits_signature,
        "may_sign": meeting.awaits_signature and may_sign(actor, meeting),
    }


@open_to_staff
def meeting_detail(request: Request, pk: int) -> HttpResponse:
    """Show one meeting: agenda, what was settled, minutes, who signed, what comes next."""
    return meeting_page(request, pk)


@open_to_staff
@require_POST
def meeting_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one move; what cannot be done says why and keeps what was typed."""
    meeting = get_visible_or_404(Meeting.objects.all(), request.actor, pk=pk)

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        return meeting_page(request, pk, form, problem, status)

    return answer(
        request,
        MEETING_MACHINE,
        meeting,
        move,
        subject="meeting",
        again=again,
        done=lambda: redirect("staff:issues:meeting_detail", pk=pk),
    )

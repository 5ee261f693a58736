"""Coordination meetings: the list, and what one of them settled."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.common.face import formatting
from crm.common.face.lists import list_response
from crm.common.face.moves import MoveForm, answer, offers
from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.transitions import history
from issues.models import Meeting
from issues.selectors import rounds
from issues.states import MEETING_MACHINE
from issues.tables import MEETINGS


@open_to_staff
def meeting_list(request: Request) -> HttpResponse:
    """Show the meetings the actor may see."""
    return list_response(request, MEETINGS)


def _page(
    request: Request, pk: int, bound: MoveForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor
    meeting = get_visible_or_404(rounds.meetings(actor), actor, pk=pk)
    context = {
        "meeting": meeting,
        "items": rounds.agenda(actor, meeting),
        "present": "、".join(meeting.present),
        "excused": "、".join(meeting.excused),
        "steps": [
            {
                "title": MEETING_MACHINE.state_label(move.to_state),
                "when": formatting.moment(move.at),
                "who": move.actor_name,
            }
            for move in history(meeting)
        ],
        "moves": [
            one
            for one in offers(MEETING_MACHINE, actor, meeting, bound=bound)
            if one.name in MEETING_MACHINE.services
        ],
        "problem": problem,
    }
    return render(request, "issues/meeting_detail.html", context, status=status)


@open_to_staff
def meeting_detail(request: Request, pk: int) -> HttpResponse:
    """Show one meeting: agenda, what was settled, minutes, who signed, what comes next."""
    return _page(request, pk)


@open_to_staff
@require_POST
def meeting_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one move; what cannot be done says why and keeps what was typed."""
    meeting = get_visible_or_404(Meeting.objects.all(), request.actor, pk=pk)

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        return _page(request, pk, form, problem, status)

    return answer(
        request,
        MEETING_MACHINE,
        meeting,
        move,
        subject="meeting",
        again=again,
        done=lambda: redirect("staff:issues:meeting_detail", pk=pk),
    )

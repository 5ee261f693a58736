"""One address per move: the table of moves says what is asked, the service makes it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.common.face.moves import MoveForm, answer
from crm.common.http import Request, back
from crm.common.people.doors import open_to_staff
from issues.models import Issue
from issues.states import ISSUE_MACHINE
from issues.views.issues import detail_context, find_issue


@open_to_staff
@require_POST
def issue_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one move; what cannot be done says why and keeps what was typed."""

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        context = detail_context(request.actor, find_issue(request, pk), form, problem)
        return render(request, "issues/issue_detail.html", context, status=status)

    def done() -> HttpResponse:
        if "next" in request.POST:
            return back(request)
        if not Issue.objects.visible_to(request.actor).filter(pk=pk).exists():
            return redirect("staff:issues:issue_list")
        return redirect("staff:issues:issue_detail", pk=pk)

    issue = find_issue(request, pk)
    return answer(request, ISSUE_MACHINE, issue, move, subject="issue", again=again, done=done)

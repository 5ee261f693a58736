"""Rounds: how far they are, where they are not, who is left out."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.face.lists import list_response
from crm.common.face.moves import MoveForm, answer, offers
from crm.common.http import Request, whole_number
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.people.scoping import get_visible_or_404
from issues.models import Sweep, SweepTarget
from issues.permissions import APPROVERS, OFFICE, can_run_sweeps, can_visit
from issues.selectors import ledger, rounds
from issues.services import excuse_target, remind_owners
from issues.states import SWEEP_MACHINE
from issues.tables import SWEEPS

READERS = (*OFFICE, Role.AUDITOR)
SHOWN_UNVISITED, SHOWN_ROUNDS = 8, 6


@open_to(*READERS)
def sweep_list(request: Request) -> HttpResponse:
    """Show the rounds with coverage and issues, filtered, or export them."""
    return list_response(request, SWEEPS, extra={"may_plan": can_run_sweeps(request.actor)})


def _page(
    request: Request, pk: int, bound: MoveForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    actor, today, calendar = request.actor, clock.today(), load_calendar()
    sweep = get_visible_or_404(rounds.sweeps(actor), actor, pk=pk)
    rows = list(rounds.targets(actor, sweep))
    found = ledger.for_list(rounds.issues_of(actor, sweep)).counted(calendar, today)  # type: ignore[attr-defined]
    left = rounds.unvisited(rows)
    context = {
        "sweep": sweep,
        "total": len(rows),
        "visited": len(rows) - len(left),
        "share": (len(rows) - len(left)) / len(rows) if rows else None,
        "left": left if request.GET.get("left") == "all" else left[:SHOWN_UNVISITED],
        "left_count": len(left),
        "behind": sum(row.planned_on < today for row in left),
        "days_left": calendar.workdays_between(today, sweep.ends_on),
        "matrix": rounds.matrix(rows, today),
        "owners": rounds.owners(rows, today),
        "found": list(found),
        "trend": rounds.trend(actor, sweep),
        "others": Sweep.objects.visible_to(actor).exclude(pk=pk)[:SHOWN_ROUNDS],
        "may_remind": can_run_sweeps(actor) and sweep.is_open and bool(left),
        "moves": offers(SWEEP_MACHINE, actor, sweep, bound=bound),
        "may_visit": can_visit(actor) and sweep.is_open,
        "may_excuse": can_run_sweeps(actor) and sweep.is_open,
        "problem": problem,
    }
    return render(request, "issues/sweep_detail.html", context, status=status)


@open_to(*READERS)
def sweep_detail(request: Request, pk: int) -> HttpResponse:
    """Show one round: the matrix, who is behind, the issues, those not visited."""
    return _page(request, pk)


@open_to(*READERS)
@require_POST
def sweep_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Open or close a round; what cannot be done says why and keeps what was typed."""
    sweep = get_visible_or_404(Sweep.objects.all(), request.actor, pk=pk)

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        return _page(request, pk, form, problem, status)

    return answer(
        request,
        SWEEP_MACHINE,
        sweep,
        move,
        subject="sweep",
        again=again,
        done=lambda: redirect("staff:issues:sweep_detail", pk=pk),
    )


@open_to(*APPROVERS)
@require_POST
def sweep_remind(request: Request, pk: int) -> HttpResponse:
    """Remind who has not visited yet; `owner` names one person."""
    sweep = get_visible_or_404(Sweep.objects.all(), request.actor, pk=pk)
    if not SweepTarget.objects.visible_to(request.actor).filter(sweep=sweep).exists():
        raise Http404(_("No target of this round is yours to remind about."))
    asked = whole_number(request.POST.get("owner", ""))
    owner = get_object_or_404(User, pk=asked) if asked is not None else None
    try:
        told = remind_owners(actor=request.actor, at=clock.now(), sweep=sweep, owner=owner)
    except UserFacingError as problem:
        return _page(request, pk, problem=str(problem.message), status=problem.status)
    text = ngettext("%(n)d person was reminded.", "%(n)d people were reminded.", told)
    messages.success(request, text % {"n": told})
    return redirect("staff:issues:sweep_detail", pk=pk)


@open_to(*OFFICE)
@require_POST
def sweep_excuse(request: Request, pk: int) -> HttpResponse:
    """Leave a target out of a round, with a reason."""
    target = get_visible_or_404(SweepTarget.objects.all(), request.actor, pk=pk)
    try:
        excuse_target(
            actor=request.actor,
            at=clock.now(),
            target=target,
            reason=request.POST.get("reason", "")[:500],
        )
    except UserFacingError as problem:
        messages.error(request, str(problem.message))
    else:
        messages.success(request, _("Excused."))
    return redirect("staff:issues:sweep_detail", pk=target.sweep_id)

"""Clauses, and whom they hit, with reasons."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.face.lists import list_response
from crm.common.face.moves import MoveForm, Offer, answer, offers
from crm.common.http import Request, whole_number
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from policy_match.enums import MatchState
from policy_match.models import Clause, ClauseVersion, Match
from policy_match.selectors import explain, in_force, latest_run, open_versions
from policy_match.states import VERSION_MACHINE
from policy_match.tables import CLAUSES

PAGE_SIZE = 20


@open_to_staff
def clause_list(request: Request) -> HttpResponse:
    """List the clauses with what the newest run counted."""
    return list_response(request, CLAUSES)


@open_to_staff
def clause_detail(request: Request, pk: int) -> HttpResponse:
    """Show a clause's words, its rule as a sentence, whom it hits, and why one of them."""
    rows = Clause.objects.select_related("policy")
    clause: Clause = get_visible_or_404(rows, request.actor, pk=pk)
    return render(request, "policy_match/clause_detail.html", _context(request, clause))


@require_POST
@open_to_staff
def version_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Make one move of a version; what cannot be done says why, on the clause's page."""
    rows = ClauseVersion.objects.select_related("clause__policy")
    version: ClauseVersion = get_visible_or_404(rows, request.actor, pk=pk)

    def again(form: MoveForm, problem: str, status: int) -> HttpResponse:
        context = _context(request, version.clause, (version.pk, form), problem)
        return render(request, "policy_match/clause_detail.html", context, status=status)

    def done() -> HttpResponse:
        return redirect("staff:policy_match:clause_detail", version.clause_id)

    subject = "clause_version"
    return answer(request, VERSION_MACHINE, version, move, subject=subject, again=again, done=done)


def _context(
    request: Request, clause: Clause, bound: tuple[int, MoveForm] | None = None, problem: str = ""
) -> dict[str, Any]:
    """Return what the clause's page shows: the version in force today, and those to be signed."""
    actor = request.actor
    version = in_force(clock.today()).filter(clause=clause).first()
    run, state = latest_run(version), request.GET.get("state", MatchState.ELIGIBLE)
    shown = (
        Match.objects.visible_to(actor)
        .filter(run=run, version=version, state=state)
        .select_related("enterprise")
        .order_by("-amount_fen", "pk")
    )
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    wanted = whole_number(request.GET.get("enterprise", ""))
    chosen = shown.filter(enterprise_id=wanted).first() if wanted is not None else None
    chosen = chosen or next(iter(page), None)
    reasons = None
    if chosen is not None and version is not None and run is not None:
        reasons = explain(version, chosen.enterprise_id, run.snapshot, actor=actor)
    return {
        "clause": clause,
        "version": version,
        "version_offers": _offers(actor, version, bound) if version else [],
        "waiting": [(row, _offers(actor, row, bound)) for row in open_versions(clause)],
        "problem": problem,
        "run": run,
        "page": page,
        "chosen": chosen,
        "reasons": reasons,
        "states": [(value, label, value == state) for value, label in MatchState.choices],
        "state": state,
        "set_aside": (run.set_aside if run else {}).get(clause.code, ""),
    }


def _offers(
    actor: Actor, version: ClauseVersion, bound: tuple[int, MoveForm] | None
) -> list[Offer]:
    again = bound[1] if bound is not None and bound[0] == version.pk else None
    return offers(VERSION_MACHINE, actor, version, bound=again)

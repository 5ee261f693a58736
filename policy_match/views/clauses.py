"""Clauses, and whom they hit, with reasons."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from crm.common.http import Request
from crm.common.people.doors import open_to_staff
from crm.common.people.scoping import get_visible_or_404
from policy_match.enums import MatchState, VersionStatus
from policy_match.models import Clause, Match
from policy_match.selectors import explain, latest_run

PAGE_SIZE = 20


@open_to_staff
def clause_list(request: Request) -> HttpResponse:
    """List the clauses with what the newest run counted."""
    query = request.GET.get("q", "").strip()[:80]
    rows = Clause.objects.visible_to(request.actor).select_related("policy")
    rows = rows.matching(query) if query else rows
    run = latest_run()
    counts = run.counts if run else {}
    found = [{"clause": clause, "counts": counts.get(clause.code, {})} for clause in rows[:200]]
    context = {"found": found, "run": run, "query": query}
    return render(request, "policy_match/clause_list.html", context)


@open_to_staff
def clause_detail(request: Request, pk: int) -> HttpResponse:
    """Show a clause's words, its rule as a sentence, whom it hits, and why one of them."""
    actor = request.actor
    clause = get_visible_or_404(Clause.objects.select_related("policy"), actor, pk=pk)  # type: ignore[arg-type]
    version = clause.versions.filter(status=VersionStatus.PUBLISHED).first()
    run, state = latest_run(version), request.GET.get("state", MatchState.ELIGIBLE)
    rows = Match.objects.visible_to(actor).filter(run=run, version=version)
    shown = rows.filter(state=state).select_related("enterprise").order_by("-amount_fen", "pk")
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    wanted = request.GET.get("enterprise", "")
    chosen = shown.filter(enterprise_id=int(wanted)).first() if wanted.isdigit() else None
    chosen = chosen or next(iter(page), None)
    reasons = None
    if chosen is not None and version is not None and run is not None:
        reasons = explain(version, chosen.enterprise_id, run.snapshot)
    context = {
        "clause": clause,
        "version": version,
        "run": run,
        "page": page,
        "chosen": chosen,
        "reasons": reasons,
        "state": state,
        "counts": (run.counts if run else {}).get(clause.code, {}),
        "states": MatchState.choices,
        "set_aside": (run.set_aside if run else {}).get(clause.code, ""),
    }
    return render(request, "policy_match/clause_detail.html", context)

"""What the policy room shows elsewhere."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots.panels import Panel, register
from crm.models import Enterprise
from policy_match.enums import MatchState, VersionStatus
from policy_match.models import ClauseVersion, Match, MatchRun, Push
from policy_match.selectors import in_force, latest_run, matches_of, pushes_to

SHOWN, DESK_SHOWN, COSTS_SHOWN = 5, 6, 12


def enterprise_policies(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return what the newest run says of an enterprise."""
    rows = matches_of(actor, enterprise)
    return {"matches": rows} if rows else None


def portal_policies(actor: Actor, enterprise: Enterprise) -> dict[str, Any] | None:
    """Return the policies told to an enterprise."""
    rows = list(pushes_to(actor).filter(enterprise=enterprise)[:SHOWN])
    return {"pushes": rows} if rows else None


def editors_desk(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return what waits at a policy editor's desk: drafts, rules the run does not know, finds."""
    if not actor.has(Role.POLICY_EDITOR):
        return None
    run = latest_run()
    drafts = ClauseVersion.objects.filter(
        status__in=[VersionStatus.DRAFT, VersionStatus.SUBMITTED]
    ).select_related("clause__policy", "author")
    standing = in_force(day)
    stale = standing.exclude(pk__in=run.versions.values("pk")) if run else standing
    return {
        "drafts": list(drafts.order_by("-drafted_at")[:DESK_SHOWN]),
        "draft_total": drafts.count(),
        "stale": list(stale[:DESK_SHOWN]),
        "stale_total": stale.count(),
        "set_aside": sorted(run.set_aside.items()) if run else [],
        "finds": _finds(run),
        "run": run,
    }


def _finds(run: MatchRun | None) -> list[dict[str, Any]]:
    """Return the clauses with firms that fulfil them and were not told yet, most first."""
    if run is None:
        return []
    told = Push.objects.filter(version=OuterRef("version"), enterprise=OuterRef("enterprise"))
    rows = Match.objects.filter(~Exists(told), run=run, state=MatchState.ELIGIBLE).order_by()
    counted = rows.values("version__clause", "version__clause__title")
    found = counted.annotate(n=Count("pk"), fen=Sum("amount_fen")).order_by("-n")
    return [dict(row) for row in found[:DESK_SHOWN]]


def money_ahead(actor: Actor, day: date) -> dict[str, Any] | None:
    """Return to finance what the newest run would cost, clause by clause."""
    if not actor.has(Role.FINANCE):
        return None
    run = latest_run()
    rows = Match.objects.visible_to(actor).filter(run=run, state=MatchState.ELIGIBLE).order_by()
    counted = rows.values("version__clause", "version__clause__title").annotate(
        n=Count("pk"), fen=Sum("amount_fen")
    )
    clauses = list(counted.order_by("-fen"))
    return {
        "clauses": clauses[:COSTS_SHOWN],
        "clause_total": len(clauses),
        "fen": sum(row["fen"] or 0 for row in clauses),
        "run": run,
    }


register(
    "cms.today",
    Panel("policy_match.desk", 10, "policy_match/panel_desk.html", editors_desk, "main"),
)
register(
    "cms.today",
    Panel("policy_match.money", 20, "policy_match/panel_money.html", money_ahead, "main"),
)
register(
    "crm.enterprise",
    Panel(
        "policy_match.of_enterprise",
        10,
        "policy_match/panel_matches.html",
        enterprise_policies,
    ),
)
register(
    "portal.home",
    Panel("policy_match.pushes", 10, "policy_match/panel_pushes.html", portal_policies),
)

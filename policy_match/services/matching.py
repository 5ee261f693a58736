"""Judge every enterprise by the rules in force, and tell those who are eligible why."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import messages
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from policy_match.benefits import Benefit, BenefitError, amount_fen, parse_benefit, reads
from policy_match.enums import MatchState
from policy_match.models import ClauseVersion, Match, MatchRun, Push
from policy_match.notifications import POLICY_PUSH
from policy_match.permissions import can_edit_policies
from policy_match.selectors import (
    book_in,
    explain_outcome,
    in_force,
    state_of,
    wan_of,
    words_of,
)
from profiles import features
from profiles.models import FeatureSnapshot
from profiles.rules import Catalogue, Rule, RuleError, evaluate, events_of, features_of, parse
from profiles.services import books_in

ENGINE = "interpreter-2"


@transaction.atomic
def run_match(
    *,
    actor: Actor,
    snapshot: FeatureSnapshot,
    at: datetime,
    versions: Iterable[ClauseVersion] | None = None,
) -> MatchRun:
    """Judge every enterprise of a snapshot by the given versions (by default all in
    force on its day).

    Raises UserFacingError for a given version that was not in force on that day. A clause
    whose rule or benefit cannot be read against the catalogue of that day is set aside with its
    reason; the others are judged.
    """
    if not can_edit_policies(actor):
        raise NotAllowedError(_("Policy editors run matches."))
    chosen = _in_force(snapshot, versions)
    run = MatchRun.objects.create(
        snapshot=snapshot, engine=ENGINE, judged=0, counts={}, ran_at=at, ran_by_id=actor.user_id
    )
    run.versions.set(chosen)
    counts: dict[str, dict[str, int]] = {}
    types = features.language(snapshot.as_of)
    for version in chosen:
        try:
            parsed = _parsed(version, types)
        except (RuleError, BenefitError) as problem:
            run.set_aside[version.clause.code] = str(problem)
            continue
        rows, judged = _judge(run, version, parsed)
        Match.objects.bulk_create(rows, batch_size=1000)
        counts[version.clause.code] = dict(Counter(row.state for row in rows))
        run.judged += judged
    run.counts = counts
    run.save(update_fields=["judged", "counts", "set_aside"])
    after = {"judged": run.judged, "set_aside": sorted(run.set_aside)}
    audit.record("match.run", actor=actor, target=run, after=after)
    return run


def _in_force(
    snapshot: FeatureSnapshot, versions: Iterable[ClauseVersion] | None
) -> list[ClauseVersion]:
    """Return the versions of the snapshot's day: those handed in by name, or all."""
    found = {version.pk: version for version in in_force(snapshot.as_of)}
    if versions is None:
        return list(found.values())
    chosen = list(versions)
    for version in chosen:
        if version.pk not in found:
            raise UserFacingError(
                _("Version %(number)s of “%(clause)s” is not in force on %(day)s.")
                % {
                    "number": version.number,
                    "clause": version.clause.title,
                    "day": snapshot.as_of.isoformat(),
                }
            )
    return chosen


def _parsed(version: ClauseVersion, types: Catalogue) -> tuple[Rule, Benefit]:
    rule = parse(version.rule, catalogue=types)
    return rule, parse_benefit(version.benefit, catalogue=types)


def _judge(
    run: MatchRun, version: ClauseVersion, parsed: tuple[Rule, Benefit]
) -> tuple[list[Match], int]:
    rule, benefit = parsed
    wanted = features_of(rule) | reads(benefit)
    rows, judged = [], 0
    for enterprise_id, book in books_in(run.snapshot, wanted, events_of(rule)):
        judged += 1
        outcome = evaluate(rule, book)
        state = state_of(outcome)
        if state is None:
            continue
        amount = None
        if state is MatchState.ELIGIBLE:
            try:
                amount = amount_fen(benefit, rule, book)
            except BenefitError:
                # Eligible, but a figure the amount needs is missing: unknown never pays.
                state = MatchState.UNKNOWN
        rows.append(
            Match(
                run=run,
                version=version,
                enterprise_id=enterprise_id,
                state=state,
                failing=outcome.failing,
                unknown=outcome.unknown,
                amount_fen=amount,
            )
        )
    return rows, judged


@transaction.atomic
def push_matches(*, actor: Actor, run: MatchRun, at: datetime) -> list[Push]:
    """Tell every eligible enterprise that has a portal account, with its own figures.

    The same version is pushed to an enterprise once, however often this is called.
    """
    if not can_edit_policies(actor):
        raise NotAllowedError(_("Policy editors push policies."))
    made = []
    rows = run.matches.filter(
        state=MatchState.ELIGIBLE, enterprise__memberships__until=None
    ).exclude(enterprise__memberships=None)
    for match in rows.select_related("version__clause__policy", "enterprise").distinct():
        if Push.objects.filter(version=match.version, enterprise=match.enterprise).exists():
            continue
        made.append(_push(match, run, at))
    audit.record("match.push", actor=actor, target=run, after={"pushed": len(made)})
    return made


def _push(match: Match, run: MatchRun, at: datetime) -> Push:
    reason = _reason(match, run)
    push = Push.objects.create(
        version=match.version,
        enterprise=match.enterprise,
        match=match,
        reason=reason,
        pushed_at=at,
    )
    members = User.objects.filter(
        memberships__enterprise=match.enterprise, memberships__until=None, is_active=True
    )
    messages.queue(
        POLICY_PUSH.key,
        recipients=members,
        context={
            "title": match.version.clause.title,
            "amount": wan_of(match.amount_fen or 0),
            "enterprise": match.enterprise.name,
            "reason": reason,
        },
        at=at,
        dedupe_key=f"{match.version_id}:{match.enterprise_id}",
        target=push,
        url=reverse("portal:policy_match:push_detail", args=[push.pk]),
    )
    return push


def _reason(match: Match, run: MatchRun) -> str:
    """Return why, in plain words with the enterprise's own figures (Chinese, kept as sent)."""
    day = run.snapshot.as_of
    language = features.language(day)
    rule = parse(match.version.rule, catalogue=language)
    outcome = evaluate(rule, book_in(run.snapshot, rule, match.enterprise_id))
    told = explain_outcome(outcome, words_of(rule, language))
    parts = [f"{r.condition}{r.having}，要求{r.wanted}" for r in told.reasons if r.state == "true"]
    return (
        f"按《{match.version.clause.policy.title}》“{match.version.clause.title}”，"
        f"截至{day}的数据符合条件：{'；'.join(parts)}。"
        f"测算金额 {wan_of(match.amount_fen or 0)} 万元。"
    )

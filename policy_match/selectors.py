"""Reads of the policy room: judging by the rule, and saying why."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crm.common import money
from crm.common.people.actor import Actor
from crm.models import Enterprise
from policy_match.enums import MatchState, VersionStatus
from policy_match.models import Clause, ClauseVersion, Match, MatchRun, Push
from profiles import features
from profiles.models import FeatureSnapshot
from profiles.rules import LeafResult, Outcome, Verdict, evaluate, parse
from profiles.rules.nodes import Group, Leaf, Negation, Node
from profiles.rules.words import bound, having, subject
from profiles.selectors import seen_indicators
from profiles.services import read_facts


@dataclass(frozen=True, slots=True)
class Reason:
    """One row of the explanation table."""

    condition: str
    having: str
    wanted: str
    source: str
    on: str
    state: str
    cites: str

    @property
    def is_fulfilled(self) -> bool:
        """Whether the condition holds."""
        return self.state == Verdict.TRUE.value

    @property
    def is_refused(self) -> bool:
        """Whether the condition does not hold; neither is true while its datum is missing."""
        return self.state == Verdict.FALSE.value


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict led by one plain sentence, with a row per condition."""

    lead: str
    state: str
    reasons: tuple[Reason, ...]


def leaves_of(node: Node) -> list[Leaf]:
    """Return every condition of a rule."""
    if isinstance(node, Leaf):
        return [node]
    if isinstance(node, Negation):
        return leaves_of(node.part)
    assert isinstance(node, Group)
    return [leaf for part in node.parts for leaf in leaves_of(part)]


def features_of(node: Node) -> set[str]:
    """Return every feature a rule reads."""
    return {name for leaf in leaves_of(node) for name in (leaf.feature, leaf.per) if name}


def in_force(day: date) -> QuerySet[ClauseVersion]:
    """Return the versions in force on a day, of policies in force that day."""
    policy = Q(clause__policy__effective_to=None) | Q(clause__policy__effective_to__gte=day)
    return (
        ClauseVersion.objects.in_force(day)
        .filter(policy, clause__policy__effective_from__lte=day)
        .select_related("clause__policy")
        .order_by("clause__code")
    )


def open_versions(clause: Clause) -> QuerySet[ClauseVersion]:
    """Return the versions of a clause that nobody has signed yet, newest first."""
    waiting = clause.versions.filter(status__in=[VersionStatus.DRAFT, VersionStatus.SUBMITTED])
    return waiting.select_related("author").order_by("-number")


def _having(leaf: LeafResult, hidden: frozenset[str]) -> str:
    """Return what the enterprise has; the verdict alone where the datum is not the reader's."""
    if not hidden.intersection((leaf.leaf.feature, leaf.leaf.per)) or leaf.fact.value is None:
        return having(leaf)
    word = {Verdict.TRUE: "满足", Verdict.FALSE: "不满足"}.get(leaf.verdict, "缺数据")
    month = f"，{leaf.fact.on:%Y-%m}" if leaf.fact.on else ""
    return f"{word}（{leaf.fact.source}{month}）"


def explain_outcome(
    outcome: Outcome, names: dict[str, str], hidden: frozenset[str] = frozenset()
) -> Explanation:
    """Put an outcome into words; Chinese, because it goes to Chinese readers as evidence.

    Of the `hidden` features the verdict is told without the datum.
    """
    rows = tuple(
        Reason(
            condition=subject(leaf.leaf, names),
            having=_having(leaf, hidden),
            wanted=f"不应{bound(leaf.leaf)}" if leaf.negated else bound(leaf.leaf),
            source=leaf.fact.source or "市场监管局",
            on=str(leaf.fact.on or ""),
            state=leaf.verdict.value,
            cites=leaf.leaf.cites,
        )
        for leaf in outcome.path
    )
    if outcome.verdict is Verdict.TRUE:
        lead = "符合全部条件。"
    elif outcome.verdict is Verdict.UNKNOWN:
        lead = _lacking(outcome, names)
    else:
        failed = [row for row in rows if row.state == "false"]
        first = failed[0]
        lead = (
            f"还差 {max(outcome.failing, 1)} 个条件：{first.condition}要{first.wanted}，"
            f"现为 {first.having}。"
        )
    return Explanation(lead, outcome.verdict.value, rows)


def _lacking(outcome: Outcome, names: dict[str, str]) -> str:
    """Return what is missing, and of whom it is asked: the departments, or the enterprise."""
    unknown = [leaf for leaf in outcome.path if leaf.verdict is Verdict.UNKNOWN]
    asked = {subject(leaf.leaf, names) for leaf in unknown if leaf.fact.withheld}
    owed = {subject(leaf.leaf, names) for leaf in unknown if not leaf.fact.withheld}
    parts = [f"缺 {'、'.join(sorted(owed))}"] if owed else []
    parts += [f"{'、'.join(sorted(asked))}须企业授权后使用"] if asked else []
    return f"{'；'.join(parts)}，还不能判断。"


def explain(
    version: ClauseVersion, enterprise_id: int, snapshot: FeatureSnapshot, *, actor: Actor
) -> Explanation:
    """Judge one enterprise by one version on one snapshot, and say why, as far as it is open."""
    known = features.catalogue(snapshot.as_of)
    node = parse(version.rule, catalogue=features.types_of(known))
    wanted = features_of(node)
    facts = next((f for _pk, f in read_facts(snapshot, wanted, enterprise_id)), {})
    of_indicator = {key: known[key].indicator_id for key in wanted if key in known}
    seen = seen_indicators(actor, enterprise_id, {pk for pk in of_indicator.values() if pk})
    hidden = frozenset(key for key, pk in of_indicator.items() if pk and pk not in seen)
    names = {key: feature.label for key, feature in known.items()}
    return explain_outcome(evaluate(node, facts), names, hidden)


def latest_run(version: ClauseVersion | None = None) -> MatchRun | None:
    """Return the run on the newest data, of one version where one is named."""
    rows = MatchRun.objects.select_related("snapshot")
    if version is not None:
        rows = rows.filter(versions=version)
    return rows.order_by("-snapshot__as_of", "-ran_at", "-pk").first()


def _counted(run: MatchRun | None, state: MatchState) -> Coalesce:
    """Return how many enterprises a run found in a state, for each clause of a query."""
    rows = Match.objects.filter(run=run, state=state, version__clause=OuterRef("pk"))
    counted = rows.order_by().values("version__clause").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def clauses_with_counts(actor: Actor) -> QuerySet[Clause]:
    """Return the clauses with where the newest rule stands and whom the newest run found."""
    run = latest_run()
    newest = ClauseVersion.objects.filter(clause=OuterRef("pk")).order_by("-number")
    rows = Clause.objects.visible_to(actor).annotate(
        rule_state=Subquery(newest.values("status")[:1]),
        eligible=_counted(run, MatchState.ELIGIBLE),
        one_step=_counted(run, MatchState.ONE_STEP),
        lacking=_counted(run, MatchState.UNKNOWN),
    )
    return rows.select_related("policy")


def matches_of(actor: Actor, enterprise: Enterprise) -> list[Match]:
    """Return what the newest run says of an enterprise."""
    run = latest_run()
    if run is None:
        return []
    rows = Match.objects.visible_to(actor).filter(run=run).of_enterprise(enterprise)
    return list(rows.select_related("version__clause"))  # type: ignore[arg-type]


def pushes_to(actor: Actor) -> QuerySet[Any]:
    """Return the policies told to the actor's enterprises."""
    return Push.objects.visible_to(actor).select_related(
        "version__clause__policy", "enterprise", "match__run__snapshot"
    )


def state_of(outcome: Outcome) -> MatchState | None:
    """Return how an outcome is kept: eligible, one step away, unknown; None if far off."""
    if outcome.verdict is Verdict.TRUE:
        return MatchState.ELIGIBLE
    if outcome.verdict is Verdict.UNKNOWN:
        return MatchState.UNKNOWN if outcome.unknown == 1 and not outcome.failing else None
    return MatchState.ONE_STEP if outcome.failing == 1 and not outcome.unknown else None


def wan_of(fen: int) -> str:
    """Return an amount in 万元 with two places as sentences write it."""
    return money.grouped(money.wan(fen, 2).normalize())

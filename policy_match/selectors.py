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
from profiles.rules import (
    Book,
    Catalogue,
    LeafResult,
    Outcome,
    Rule,
    Verdict,
    Why,
    Words,
    evaluate,
    events_of,
    features_of,
    lack_words,
    parse,
)
from profiles.selectors import seen_indicators
from profiles.services import books_in
from profiles.services.books import codes_of


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
    enough: str = ""

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


def _having(result: LeafResult, words: Words, hidden: frozenset[str]) -> str:
    """Return what the enterprise has; the verdict alone where the datum is not the reader's."""
    if not _is_hidden(result, hidden):
        return words.having(result)
    word = {Verdict.TRUE: "满足", Verdict.FALSE: "不满足"}.get(result.verdict, "缺数据")
    source = next(iter(result.answer.sources), None)
    if source is None:
        return word
    month = f"，{source.on:%Y-%m}" if source.on else ""
    return f"{word}（{source.department}{month}）"


def _is_hidden(result: LeafResult, hidden: frozenset[str]) -> bool:
    question = result.leaf.question
    read = codes_of(features_of(question), events_of(question))
    return bool(hidden & read) and result.answer.left.value is not None


def explain_outcome(
    outcome: Outcome,
    words: Words,
    hidden: frozenset[str] = frozenset(),
    clause: str = "",
) -> Explanation:
    """Put an outcome into words; Chinese, because it goes to Chinese readers as evidence.

    Of the `hidden` features the verdict is told without the datum, and nothing of how much
    would be enough. `clause` are the words the conditions are tied to.
    """
    rows = tuple(_reason(result, words, hidden, clause) for result in outcome.path)
    if outcome.verdict is Verdict.TRUE:
        lead = "符合全部条件。"
    elif outcome.verdict is Verdict.UNKNOWN:
        lead = _lacking(outcome, words)
    else:
        first = next(row for row in rows if row.is_refused)
        lead = (
            f"还差 {max(outcome.failing, 1)} 个条件：{first.condition}要{first.wanted}，"
            f"现为 {first.having}。"
        )
    return Explanation(lead, outcome.verdict.value, rows)


def _reason(result: LeafResult, words: Words, hidden: frozenset[str], clause: str) -> Reason:
    question, source = result.leaf.question, next(iter(result.answer.sources), None)
    owner = next((lack.owner for lack in result.answer.lacks), "")
    start, end = result.leaf.cites or (0, 0)
    return Reason(
        condition=words.title(question),
        having=_having(result, words, hidden),
        wanted=words.wanted(question, result.negated),
        source=(source.department if source else owner) or "市场监管局",
        on=str(source.on or "") if source else "",
        state=result.verdict.value,
        cites=clause[start:end],
        enough="" if _is_hidden(result, hidden) else words.enough(result),
    )


def _lacking(outcome: Outcome, words: Words) -> str:
    """Return what is missing, and of whom it is asked: the departments, or the enterprise."""
    asked = {words.name(one.what) for one in outcome.lacks if one.why is Why.WITHHELD}
    owed = {lack_words(one, words) for one in outcome.lacks if one.why is not Why.WITHHELD}
    parts = ["、".join(sorted(owed))] if owed else []
    parts += [f"{'、'.join(sorted(asked))}须企业授权后使用"] if asked else []
    return f"{'；'.join(parts)}，还不能判断。"


def book_in(snapshot: FeatureSnapshot, rule: Rule, enterprise_id: int) -> Book:
    """Return what a snapshot says of one enterprise, as far as a rule asks for it."""
    rows = books_in(snapshot, features_of(rule), events_of(rule), enterprise_id)
    return next((book for _pk, book in rows), Book(snapshot.as_of))


def explain(
    version: ClauseVersion, enterprise_id: int, snapshot: FeatureSnapshot, *, actor: Actor
) -> Explanation:
    """Judge one enterprise by one version on one snapshot, and say why, as far as it is open."""
    language = features.language(snapshot.as_of)
    rule = parse(version.rule, catalogue=language)
    codes = codes_of(features_of(rule), events_of(rule))
    indicators = features.indicator_ids(codes)
    seen = seen_indicators(actor, enterprise_id, set(indicators.values()))
    hidden = frozenset(code for code, pk in indicators.items() if pk not in seen)
    outcome = evaluate(rule, book_in(snapshot, rule, enterprise_id))
    return explain_outcome(outcome, words_of(rule, language), hidden, version.clause.words)


def words_of(rule: Rule, language: Catalogue) -> Words:
    """Return what says a rule's conditions in Chinese."""
    return Words(language, rule.period)


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
        return MatchState.UNKNOWN
    return MatchState.ONE_STEP if outcome.failing == 1 and not outcome.unknown else None


def wan_of(fen: int) -> str:
    """Return an amount in 万元 with two places as sentences write it."""
    return money.grouped(money.wan(fen, 2).normalize())

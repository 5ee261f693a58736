"""Register clauses and draft their rules."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.once import only_once
from crm.common.records.searching import search_columns
from policy_match.benefits import BenefitError, parse_benefit
from policy_match.models import Clause, ClauseVersion, Policy
from policy_match.permissions import can_edit_policies
from policy_match.states import VERSION_MACHINE
from profiles import features
from profiles.rules import Rule, RuleError, leaves_of, parse, sentence


@dataclass(frozen=True, slots=True)
class ClauseInput:
    """A clause with the document it stands in."""

    code: str
    title: str
    words: str
    policy_title: str
    issuer: str
    effective_from: date
    source: str = ""


def _known(code: str) -> UserFacingError:
    return UserFacingError(_("There is a clause %(code)s already.") % {"code": code})


@transaction.atomic
def register_clause(*, actor: Actor, data: ClauseInput, at: datetime) -> Clause:
    """Enter a clause with its words as published."""
    if not can_edit_policies(actor):
        raise NotAllowedError(_("Policy editors enter clauses."))
    if Clause.objects.filter(code=data.code).exists():
        raise _known(data.code)
    policy, _new = Policy.objects.get_or_create(
        title=data.policy_title,
        issuer=data.issuer,
        defaults={"effective_from": data.effective_from, "source": data.source},
    )
    with only_once(lambda: _known(data.code)):
        clause = Clause.objects.create(
            policy=policy,
            code=data.code,
            title=data.title,
            words=data.words,
            **search_columns(data.title, data.code, data.policy_title),
        )
    audit.record("clause.register", actor=actor, target=clause, after={"code": data.code})
    return clause


@transaction.atomic
def draft_version(
    *, actor: Actor, clause: Clause, rule: dict[str, Any], benefit: dict[str, Any], at: datetime
) -> ClauseVersion:
    """Draft a rule for a clause.

    Raises UserFacingError with the author's mistake: an unknown feature, an unlike unit, a
    benefit that cannot be counted, words cited that do not stand in the clause.
    """
    if not can_edit_policies(actor) or actor.user_id is None:
        raise NotAllowedError(_("Policy editors draft rules."))
    day = local_date(at)
    try:
        language = features.language(day)
        parsed = parse(rule, catalogue=language)
        parse_benefit(benefit, catalogue=language)
    except (RuleError, BenefitError) as problem:
        raise UserFacingError(str(problem)) from None
    _refuse_foreign_words(parsed, clause)
    last = clause.versions.order_by("-number").first()
    version = ClauseVersion.objects.create(
        clause=clause,
        number=last.number + 1 if last else 1,
        rule=rule,
        benefit=benefit,
        sentence=sentence(parsed, language),
        author_id=actor.user_id,
        drafted_at=at,
    )
    VERSION_MACHINE.begin(version, actor=actor, at=at)
    audit.record("clause.draft", actor=actor, target=version, after={"number": version.number})
    return version


def _refuse_foreign_words(rule: Rule, clause: Clause) -> None:
    """Every condition is tied to a span of the clause's words."""
    for leaf in leaves_of(rule.when):
        if leaf.cites is not None and leaf.cites[1] > len(clause.words):
            raise UserFacingError(
                _("The clause has %(count)s characters; %(start)s to %(end)s is not in it.")
                % {"count": len(clause.words), "start": leaf.cites[0], "end": leaf.cites[1]}
            )

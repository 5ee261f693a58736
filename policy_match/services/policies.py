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
from profiles.rules import RuleError, parse, sentence


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
        types = features.types(day)
        node = parse(rule, catalogue=types)
        parse_benefit(benefit, catalogue=types)
    except (RuleError, BenefitError) as problem:
        raise UserFacingError(str(problem)) from None
    _refuse_foreign_words(rule.get("when"), clause)
    last = clause.versions.order_by("-number").first()
    version = ClauseVersion.objects.create(
        clause=clause,
        number=last.number + 1 if last else 1,
        rule=rule,
        benefit=benefit,
        sentence=sentence(node, features.names(day)),
        author_id=actor.user_id,
        drafted_at=at,
    )
    VERSION_MACHINE.begin(version, actor=actor, at=at)
    audit.record("clause.draft", actor=actor, target=version, after={"number": version.number})
    return version


def _refuse_foreign_words(node: Any, clause: Clause) -> None:
    """Every condition is tied to words of the clause it comes from."""
    for part in node.get("all", []) + node.get("any", []):
        _refuse_foreign_words(part, clause)
    if "not" in node:
        _refuse_foreign_words(node["not"], clause)
    cites = node.get("cites")
    if cites and cites not in clause.words:
        raise UserFacingError(
            _("“%(cites)s” does not stand in the clause. Copy its words exactly.")
            % {"cites": cites}
        )

"""What a policy editor's work opens elsewhere: the indicators his clauses rest on."""

from typing import Any

from crm.common.days import clock
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots import grounds
from policy_match.models import ClauseVersion
from profiles import features
from profiles.models.observations import VALUES
from profiles.rules import RuleError, events_of, features_of, parse
from profiles.services.books import codes_of


def of_my_clauses(actor: Actor) -> Any:
    """Return the indicators tested by the rules a policy editor wrote and that still stand."""
    if not actor.has(Role.POLICY_EDITOR) or actor.is_system:
        return None
    language = features.language(clock.today())
    codes: set[str] = set()
    for rule in ClauseVersion.objects.written_by(actor.user_id).values_list("rule", flat=True):
        try:
            parsed = parse(rule, catalogue=language)
        except RuleError:
            continue
        codes |= codes_of(features_of(parsed), events_of(parsed))
    return set(features.indicator_ids(codes).values())


grounds.register(VALUES, "policies", of_my_clauses)

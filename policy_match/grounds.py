"""What a policy editor's work opens elsewhere: the indicators his clauses rest on."""

from typing import Any

from crm.common.days import clock
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots import grounds
from policy_match.models import ClauseVersion
from policy_match.selectors import features_of
from profiles import features
from profiles.models.observations import VALUES
from profiles.rules import RuleError, parse


def of_my_clauses(actor: Actor) -> Any:
    """Return the indicators tested by the rules a policy editor wrote and that still stand."""
    if not actor.has(Role.POLICY_EDITOR) or actor.is_system:
        return None
    known = features.catalogue(clock.today())
    types = features.types_of(known)
    wanted: set[int] = set()
    for rule in ClauseVersion.objects.written_by(actor.user_id).values_list("rule", flat=True):
        try:
            keys = features_of(parse(rule, catalogue=types))
        except RuleError:
            continue
        wanted |= {pk for key in keys if key in known and (pk := known[key].indicator_id)}
    return wanted


grounds.register(VALUES, "policies", of_my_clauses)

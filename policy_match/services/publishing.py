"""The moves of a clause's version: hand in, send back, publish, take out of force."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import Transition
from crm.common.records.transitions import lock
from policy_match.enums import VersionStatus
from policy_match.models import ClauseVersion
from policy_match.states import VERSION_MACHINE


@transaction.atomic
def move_version(
    *,
    actor: Actor,
    clause_version: ClauseVersion,
    move: str,
    at: datetime,
    version: int | None = None,
    reason: str = "",
) -> Transition:
    """Hand a draft in, send it back, or discard it; it was never in force."""
    row = VERSION_MACHINE.apply(
        clause_version, move, actor=actor, at=at, version=version, reason=reason
    )
    audit.record(f"clause.{move}", actor=actor, target=clause_version, note=reason)
    return row


@VERSION_MACHINE.makes("publish")
@transaction.atomic
def publish_version(
    *, actor: Actor, clause_version: ClauseVersion, at: datetime, version: int | None = None
) -> Transition:
    """Put a version into force from today; the one before ends yesterday.

    Never by its author. The clause is locked meanwhile: two people who publish, the same
    version or two, follow one another, and whoever comes second is judged on what the first
    left.
    """
    lock(clause_version.clause)
    day = local_date(at)
    before = ClauseVersion.objects.filter(
        clause=clause_version.clause_id, status=VersionStatus.PUBLISHED
    ).exclude(pk=clause_version.pk)
    for old in before:
        VERSION_MACHINE.apply(
            old, "supersede", actor=actor, at=at, changes={"effective_to": day - timedelta(days=1)}
        )
    row = VERSION_MACHINE.apply(
        clause_version,
        "publish",
        actor=actor,
        at=at,
        version=version,
        changes={"reviewer_id": actor.user_id, "published_at": at, "effective_from": day},
    )
    audit.record("clause.publish", actor=actor, target=clause_version)
    return row


@VERSION_MACHINE.makes("withdraw")
@transaction.atomic
def withdraw_version(
    *,
    actor: Actor,
    clause_version: ClauseVersion,
    at: datetime,
    version: int | None = None,
    reason: str,
) -> Transition:
    """Take a version out of force from today; on the days before it stays the one in force."""
    row = VERSION_MACHINE.apply(
        clause_version,
        "withdraw",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"effective_to": local_date(at) - timedelta(days=1)},
    )
    audit.record("clause.withdraw", actor=actor, target=clause_version, note=reason)
    return row


for _name in ("submit", "send_back", "discard"):
    VERSION_MACHINE.makes(_name)(partial(move_version, move=_name))

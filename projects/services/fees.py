"""零负担: a bill and the decision to relieve a project of it, in two phases; its revocation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.numbering import next_number
from crm.common.records.transitions import lock
from projects.enums import DecisionStatus, FeeMode
from projects.models import FeeItemVersion, Project, ProjectFee, ZeroBurdenDecision
from projects.permissions import can_propose_relief
from projects.states import RELIEF_MACHINE


@dataclass(frozen=True, slots=True)
class FeeInput:
    """One fee of a project's bill: the catalogue's version, the amount in 分, who bears it."""

    fee: FeeItemVersion
    amount_fen: int
    mode: str


def _next_number(year: int) -> str:
    """Return the next decision number of a year, as it stands on paper."""
    return f"零负担〔{year}〕{next_number('zero-burden', year)}号"


@transaction.atomic
def propose_zero_burden(
    *, actor: Actor, project: Project, fees: Iterable[FeeInput], at: datetime
) -> ZeroBurdenDecision:
    """Draw up the bill and propose that the project be relieved of it.

    Raises UserFacingError when no fee is relieved, an amount is not positive, or a decision
    is proposed or in force already.
    """
    locked = lock(project)
    if not can_propose_relief(actor, locked):
        raise NotAllowedError(_("Leads of the area, leaders and finance draw up the bill."))
    if project.zero_burden.exclude(status=DecisionStatus.REVOKED).exists():
        raise UserFacingError(
            _("This project has a zero-burden decision already: revoke it first.")
        )
    given = list(fees)
    if any(fee.amount_fen <= 0 for fee in given):
        raise UserFacingError(_("Every fee of the bill has an amount above zero."))
    relieved = sum(fee.amount_fen for fee in given if fee.mode != FeeMode.CHARGED)
    if not relieved:
        raise UserFacingError(_("Name at least one fee of which the project is relieved."))
    decision = ZeroBurdenDecision.objects.create(
        project=project,
        number=_next_number(at.year),
        relieved_fen=relieved,
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )
    ProjectFee.objects.bulk_create(
        ProjectFee(decision=decision, fee=fee.fee, amount_fen=fee.amount_fen, mode=fee.mode)
        for fee in given
    )
    RELIEF_MACHINE.begin(decision, actor=actor, at=at)
    audit.record(
        "project.zero_burden.propose",
        actor=actor,
        target=decision,
        after={"relieved_fen": relieved},
    )
    return decision


@RELIEF_MACHINE.makes("decide")
@transaction.atomic
def decide_zero_burden(
    *, actor: Actor, decision: ZeroBurdenDecision, at: datetime, version: int | None = None
) -> ZeroBurdenDecision:
    """Put a proposed decision into force; never by the one who proposed it."""
    RELIEF_MACHINE.apply(
        decision, "decide", actor=actor, at=at, version=version, changes={"decided_at": at}
    )
    audit.record("project.zero_burden", actor=actor, target=decision)
    return decision


@RELIEF_MACHINE.makes("revoke")
@transaction.atomic
def revoke_zero_burden(
    *,
    actor: Actor,
    decision: ZeroBurdenDecision,
    at: datetime,
    version: int | None = None,
    reason: str,
) -> ZeroBurdenDecision:
    """Revoke a decision; it stays on record with its bill, and another one can be made."""
    RELIEF_MACHINE.apply(
        decision,
        "revoke",
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"revoked_at": at},
    )
    audit.record("project.zero_burden.revoke", actor=actor, target=decision, note=reason)
    return decision

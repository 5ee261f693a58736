"""零负担: fees of a project and the decision to relieve it of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from projects.enums import FeeMode
from projects.models import Project, ProjectFee, ZeroBurdenDecision
from projects.permissions import can_decide_fees


@dataclass(frozen=True, slots=True)
class FeeInput:
    """One fee of a project's bill, in 分."""

    name: str
    payee_id: int
    amount_fen: int
    mode: str


def _next_number(year: int) -> str:
    """Return the next decision number of a year, as it stands on paper."""
    prefix = f"零负担〔{year}〕"
    return f"{prefix}{ZeroBurdenDecision.objects.filter(number__startswith=prefix).count() + 1}号"


@transaction.atomic
def decide_zero_burden(
    *, actor: Actor, project: Project, fees: Iterable[FeeInput], at: datetime
) -> ZeroBurdenDecision:
    """Relieve a project of its fees; the bill and the decision are kept together.

    Raises UserFacingError when no fee is relieved or a decision is in force already.
    """
    if not can_decide_fees(actor):
        raise NotAllowedError(_("Leaders and finance decide on fees."))
    if project.zero_burden.filter(revoked_at=None).exists():
        raise UserFacingError(_("This project has a zero-burden decision in force already."))
    rows = [
        ProjectFee(
            project=project,
            name=fee.name,
            payee_id=fee.payee_id,
            amount_fen=fee.amount_fen,
            mode=fee.mode,
        )
        for fee in fees
    ]
    relieved = sum(row.amount_fen for row in rows if row.mode != FeeMode.CHARGED)
    if not relieved:
        raise UserFacingError(_("Name at least one fee of which the project is relieved."))
    ProjectFee.objects.bulk_create(rows)
    decision = ZeroBurdenDecision.objects.create(
        project=project,
        number=_next_number(at.year),
        decided_at=at,
        relieved_fen=relieved,
        created_by_id=actor.user_id,
    )
    audit.record(
        "project.zero_burden", actor=actor, target=decision, after={"relieved_fen": relieved}
    )
    return decision

"""零负担: proposed with its bill, put into force by another, revoked, made again."""

from datetime import timedelta

import pytest

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.records.transitions import MoveRefused
from crm.common.slots.figures import get
from projects.enums import FeeMode
from projects.services import (
    FeeInput,
    decide_zero_burden,
    propose_zero_burden,
    revoke_zero_burden,
)
from tests.crm.factories import AT
from tests.projects.factories import Cast, fee_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def line(mode=FeeMode.WAIVED, amount=100_00, code="drawing_review"):
    return FeeInput(fee=fee_version(code), amount_fen=amount, mode=mode)


def propose(cast, *lines, at=AT):
    return propose_zero_burden(actor=cast.lead, project=cast.project, fees=lines or [line()], at=at)


def test_a_bill_relieves_of_what_is_not_charged(cast):
    decision = propose(cast, line(), line(FeeMode.CHARGED, 7_00, "title_registration"))
    assert (decision.relieved_fen, decision.fees.count()) == (100_00, 2)


@pytest.mark.parametrize(
    "lines", [[(FeeMode.CHARGED, 1)], [(FeeMode.WAIVED, 0)], [(FeeMode.WAIVED, -5)]]
)
def test_a_bill_without_relief_or_with_an_impossible_amount_is_refused(cast, lines):
    with pytest.raises(UserFacingError):
        propose(cast, *[line(mode, amount) for mode, amount in lines])
    assert not cast.project.zero_burden.exists()


def test_a_stranger_neither_proposes_nor_decides_nor_revokes(cast):
    with pytest.raises(NotAllowedError):
        propose_zero_burden(actor=cast.stranger, project=cast.project, fees=[line()], at=AT)
    decision = propose(cast)
    for service in (decide_zero_burden, revoke_zero_burden):
        more = {"reason": "x"} if service is revoke_zero_burden else {}
        with pytest.raises(NotAllowedError):
            service(actor=cast.stranger, decision=decision, at=AT, **more)


def test_who_proposed_does_not_put_into_force(cast):
    decision = propose_zero_burden(actor=cast.leader, project=cast.project, fees=[line()], at=AT)
    with pytest.raises(NotAllowedError):
        decide_zero_burden(actor=cast.leader, decision=decision, at=AT)


def test_a_decision_can_be_revoked_and_made_again_and_no_past_figure_changes(cast):
    first = propose(cast)
    decide_zero_burden(actor=cast.leader, decision=first, at=AT)
    with pytest.raises(UserFacingError):
        propose(cast)
    figure, month = get("zero_burden_projects"), AT + timedelta(days=30)
    assert figure.value(month) == 1
    revoked = AT + timedelta(days=40)
    with pytest.raises(MoveRefused):
        revoke_zero_burden(actor=cast.leader, decision=first, reason=" ", at=revoked)
    revoke_zero_burden(actor=cast.leader, decision=first, reason="依据失效", at=revoked)
    assert (figure.value(month), figure.value(revoked + timedelta(days=1))) == (1, 0)
    again = propose(cast, line(amount=80_00), at=revoked)
    decide_zero_burden(actor=cast.leader, decision=again, at=revoked)
    assert figure.value(revoked + timedelta(days=1)) == 1
    assert (first.fees.count(), again.fees.count()) == (1, 1)
    assert first.number != again.number

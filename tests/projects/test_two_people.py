"""Two people make the same move at once: one wins, the other is told what changed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection

from crm.common.errors import UserFacingError
from crm.common.records.models import Transition
from crm.common.records.transitions import StaleMove
from projects.models import Approval, Project
from projects.services import (
    FeeInput,
    ItemInput,
    add_list_items,
    decide_zero_burden,
    entrust_approvals,
    finish_item,
    move_approval,
    move_stage,
    move_standing,
    propose_zero_burden,
    register_project,
)
from projects.services.projects import ProjectInput
from tests.crm.factories import AT, DepartmentFactory
from tests.projects.factories import Cast, fee_version, matter

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"],
        reason="two writers at once need PostgreSQL",
    ),
]


@pytest.fixture
def cast():
    return Cast()


def both(act, other=None):
    """Do one act, or two, on two connections at the same moment; return (made, refusals)."""
    start = Barrier(2)

    def one(mine):
        try:
            start.wait(timeout=10)
            return mine()
        except UserFacingError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(one, (act, other or act)))
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    return len(answers) - len(refused), refused


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def moves(cast):
    """Return (name, record, act) of one move of each machine of the room."""
    project = cast.project
    (case,) = entrust_approvals(actor=cast.agent, project=project, matters=[matter()], at=AT)
    item = ItemInput(what="交地", department_id=DepartmentFactory().pk, due_on=AT.date())
    (row,) = add_list_items(actor=cast.agent, project=project, items=[item], at=AT)
    line = FeeInput(fee=fee_version(), amount_fen=100, mode="waived")
    decision = propose_zero_burden(actor=cast.lead, project=project, fees=[line], at=AT)
    project = fresh(project)
    at = {"at": AT}
    return {
        "projects.stage": (
            project,
            lambda: move_stage(
                actor=cast.agent,
                project=fresh(project),
                move="to_negotiating",
                note="洽谈记录",
                version=project.version,
                **at,
            ),
        ),
        "projects.standing": (
            project,
            lambda: move_standing(
                actor=cast.lead,
                project=fresh(project),
                move="pause",
                reason="调整",
                version=project.version,
                **at,
            ),
        ),
        "projects.approval": (
            case,
            lambda: move_approval(
                actor=cast.agent, approval=fresh(case), move="gather", version=case.version, **at
            ),
        ),
        "projects.list_item": (
            row,
            lambda: finish_item(
                actor=cast.agent, item=fresh(row), note="已交", version=row.version, **at
            ),
        ),
        "projects.zero_burden": (
            decision,
            lambda: decide_zero_burden(
                actor=cast.leader, decision=fresh(decision), version=decision.version, **at
            ),
        ),
    }


@pytest.mark.parametrize(
    "machine",
    [
        "projects.stage",
        "projects.standing",
        "projects.approval",
        "projects.list_item",
        "projects.zero_burden",
    ],
)
def test_one_wins_and_the_other_is_told_what_changed(cast, machine):
    record, act = moves(cast)[machine]
    before = Transition.objects.filter(machine=machine, target_id=record.pk).count()
    made, refused = both(act)
    assert made == 1
    assert [type(refusal) for refusal in refused] == [StaleMove]
    assert "2024-09-12" in str(refused[0])
    after = Transition.objects.filter(machine=machine, target_id=record.pk).count()
    assert after == before + 1


def test_the_same_project_is_registered_once(cast):
    data = ProjectInput(name="双份", investor="江汉泵业", area_id=cast.area.pk)
    made, refused = both(lambda: register_project(actor=cast.agent, data=data, at=AT))
    assert (made, len(refused)) == (1, 1)
    assert Project.objects.filter(name="双份").count() == 1


def test_one_matter_is_entrusted_once(cast):
    wanted = matter("B09")
    made, refused = both(
        lambda: entrust_approvals(actor=cast.agent, project=cast.project, matters=[wanted], at=AT)
    )
    assert (made, len(refused)) == (1, 1)
    assert Approval.objects.filter(matter=wanted).count() == 1

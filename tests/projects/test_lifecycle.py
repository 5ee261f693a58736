"""A project's way through its stages: facts, people, pauses."""

from datetime import timedelta
from itertools import pairwise

import pytest

from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.records.transitions import MoveRefused
from crm.common.slots.figures import get
from projects.enums import MAIN_STAGES, FeeMode, Stage, TeamSlot
from projects.models import Project
from projects.rules import REQUIRED_FROM, missing_for
from projects.services import (
    add_list_items,
    advance_stage,
    assign_team,
    decide_zero_burden,
    finish_item,
    pause_project,
    resume_project,
    update_project,
)
from projects.services.fees import FeeInput
from projects.services.items import ItemInput
from projects.states import APPROVALS, STAGES
from tests.common.factories import UserFactory
from tests.crm.factories import AT, DepartmentFactory
from tests.projects.factories import FACTS, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def test_every_state_of_both_machines_is_reachable():
    assert STAGES.reachable() == set(STAGES.labels)
    assert APPROVALS.reachable() == set(APPROVALS.labels)


def test_a_project_walks_from_lead_to_the_register(cast):
    project = cast.project
    values = {**FACTS, "enterprise": cast.enterprise}
    update_project(actor=cast.agent, project=project, values=values, version=1, at=AT)
    for stage in MAIN_STAGES[1:]:
        advance_stage(actor=cast.agent, project=project, stage=stage, at=AT)
    project.refresh_from_db()
    assert project.stage == Stage.LISTED


def test_a_stage_names_the_facts_it_still_lacks(cast):
    advance_stage(actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT)
    with pytest.raises(MoveRefused, match=r"签约日期|signed on") as refused:
        advance_stage(actor=cast.agent, project=cast.project, stage=Stage.SIGNED, at=AT)
    assert "、" in str(refused.value) or "," in str(refused.value)
    cast.project.refresh_from_db()
    assert cast.project.stage == Stage.NEGOTIATING


def test_a_later_stage_never_asks_for_less():
    lacking = [set(missing_for(stage, {})) for stage in MAIN_STAGES]
    assert all(before <= after for before, after in pairwise(lacking))
    assert lacking[-1] == set(REQUIRED_FROM)


def test_a_stage_cannot_be_skipped(cast):
    with pytest.raises(MoveRefused):
        advance_stage(actor=cast.agent, project=cast.project, stage=Stage.REGISTERED, at=AT)


def test_a_pause_remembers_the_stage_and_needs_a_reason(cast):
    with pytest.raises(MoveRefused):
        pause_project(actor=cast.leader, project=cast.project, reason=" ", at=AT)
    pause_project(actor=cast.leader, project=cast.project, reason="方案调整", at=AT)
    assert cast.project.stage == Stage.PAUSED
    resume_project(actor=cast.leader, project=cast.project, at=AT)
    cast.project.refresh_from_db()
    assert (cast.project.stage, cast.project.stage_before_pause) == (Stage.LEAD, "")


def test_a_stranger_does_nothing_to_the_project(cast):
    project, stranger = cast.project, cast.stranger
    item = ItemInput(what="交地", department_id=DepartmentFactory().pk, due_on=AT.date())
    with pytest.raises(NotAllowedError):
        advance_stage(actor=stranger, project=project, stage=Stage.NEGOTIATING, at=AT)
    with pytest.raises(NotAllowedError):
        update_project(actor=stranger, project=project, values={"investor": "x"}, version=1, at=AT)
    with pytest.raises(NotAllowedError):
        add_list_items(actor=stranger, project=project, items=[item], at=AT)
    with pytest.raises(NotAllowedError):
        pause_project(actor=stranger, project=project, reason="x", at=AT)
    places = {TeamSlot.AGENT: UserFactory()}
    with pytest.raises(NotAllowedError):
        assign_team(actor=stranger, project=project, places=places, since=AT.date(), at=AT)
    with pytest.raises(NotAllowedError):
        decide_zero_burden(actor=stranger, project=project, fees=[], at=AT)
    assert Project.objects.visible_to(stranger).count() == 0


def test_the_same_lead_twice_is_refused_with_the_one_that_exists(cast):
    with pytest.raises(UserFacingError, match=cast.project.code):
        cast.register()


def test_numbers_go_on_and_are_never_given_twice(cast):
    codes = {cast.register(name=f"项目{n}").code for n in range(5)}
    assert len(codes) == 5
    assert all(code > cast.project.code for code in codes)


def test_a_row_of_the_list_is_struck_off_once_and_by_its_version(cast):
    department = DepartmentFactory()
    rows = [ItemInput(what="交地", department_id=department.pk, due_on=AT.date())]
    (item,) = add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)
    with pytest.raises(ConflictError):
        finish_item(actor=cast.agent, item=item, version=9, at=AT)
    finish_item(actor=cast.agent, item=item, version=item.version, at=AT)
    item.refresh_from_db()
    assert item.done_at == AT
    with pytest.raises(UserFacingError):
        finish_item(actor=cast.agent, item=item, version=item.version, at=AT)


def test_a_new_agent_takes_the_place_of_the_old_one(cast):
    first, second = UserFactory(), UserFactory()
    for person in (first, second):
        places = {TeamSlot.AGENT: person}
        assign_team(actor=cast.lead, project=cast.project, places=places, since=AT.date(), at=AT)
    assert [m.user for m in cast.project.team.filter(until=None)] == [second]
    assert cast.project.team.get(user=first).until == AT.date()


def fee(mode=FeeMode.WAIVED, name="施工图审查费"):
    return FeeInput(name=name, payee_id=DepartmentFactory().pk, amount_fen=100_00, mode=mode)


def test_zero_burden_needs_a_fee_that_is_relieved_and_is_decided_once(cast):
    with pytest.raises(UserFacingError):
        decide_zero_burden(
            actor=cast.leader, project=cast.project, fees=[fee(FeeMode.CHARGED)], at=AT
        )
    assert not cast.project.fees.exists()
    decision = decide_zero_burden(actor=cast.leader, project=cast.project, fees=[fee()], at=AT)
    assert decision.relieved_fen == 100_00
    with pytest.raises(UserFacingError):
        decide_zero_burden(actor=cast.leader, project=cast.project, fees=[fee(name="x")], at=AT)


def test_figures_count_what_existed_before_the_cut_off_and_nothing_written_down(cast):
    later = AT + timedelta(days=40)
    other = cast.register(name="二期", at=later)
    decide_zero_burden(actor=cast.leader, project=cast.project, fees=[fee()], at=AT)
    figure, soon = get("projects"), AT + timedelta(days=1)
    assert (figure.value(AT), figure.value(soon)) == (0, 1)
    assert figure.value(later + timedelta(days=1)) == 2
    assert get("zero_burden_projects").value(soon) == 1
    other.delete()
    assert figure.value(later + timedelta(days=1)) == 1

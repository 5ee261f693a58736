"""A project's way through its stages: facts, people, pauses."""

from datetime import timedelta
from itertools import pairwise

import pytest

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.records.transitions import MoveRefused, StaleMove, history
from crm.common.slots.figures import get
from projects.enums import STAGES, Light, Stage, Standing
from projects.models import Project
from projects.rules import REQUIRED_FROM, missing_for
from projects.selectors import paid_in_fen
from projects.services import (
    add_list_items,
    advance_stage,
    assign_team,
    drop_item,
    finish_item,
    move_stage,
    move_standing,
    propose_zero_burden,
    record_paid_in,
    refresh_lights,
    reopen_item,
    update_project,
)
from projects.services.items import ItemInput
from projects.states import (
    APPROVAL_MACHINE,
    ITEM_MACHINE,
    RELIEF_MACHINE,
    STAGE_MACHINE,
    STANDING_MACHINE,
)
from tests.common.factories import UserFactory
from tests.crm.factories import AT, DepartmentFactory
from tests.projects.factories import FACTS, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def test_every_state_of_every_machine_is_reachable():
    for machine in (
        APPROVAL_MACHINE,
        ITEM_MACHINE,
        RELIEF_MACHINE,
        STAGE_MACHINE,
        STANDING_MACHINE,
    ):
        assert machine.reachable() == set(machine.labels)
        assert set(machine.services) == set(machine.moves), machine.key


def test_a_project_walks_from_lead_to_the_register(cast):
    project = cast.project
    values = {**FACTS, "enterprise": cast.enterprise}
    update_project(actor=cast.agent, project=project, values=values, version=1, at=AT)
    for stage in STAGES[1:]:
        advance_stage(note="现场查看", actor=cast.agent, project=project, stage=stage, at=AT)
    project.refresh_from_db()
    assert project.stage == Stage.LISTED


def test_a_stage_names_the_facts_it_still_lacks(cast):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    with pytest.raises(MoveRefused, match=r"签约日期|signed on") as refused:
        advance_stage(
            note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.SIGNED, at=AT
        )
    assert any(mark in str(refused.value) for mark in "、,，")
    cast.project.refresh_from_db()
    assert cast.project.stage == Stage.NEGOTIATING


def test_a_later_stage_never_asks_for_less():
    lacking = [set(missing_for(stage, {})) for stage in STAGES]
    assert all(before <= after for before, after in pairwise(lacking))
    assert lacking[-1] == set(REQUIRED_FROM)


def test_a_stage_cannot_be_skipped(cast):
    with pytest.raises(MoveRefused):
        advance_stage(
            note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.REGISTERED, at=AT
        )


def stop(cast, move, reason="方案调整", **more):
    return move_standing(
        actor=cast.leader, project=cast.project, move=move, reason=reason, at=AT, **more
    )


def test_a_pause_never_forgets_the_stage_and_needs_a_reason(cast):
    with pytest.raises(MoveRefused):
        stop(cast, "pause", reason=" ")
    stop(cast, "pause")
    assert (cast.project.stage, cast.project.standing) == (Stage.LEAD, Standing.PAUSED)
    assert cast.project.light == Light.GREY
    with pytest.raises(MoveRefused, match=r"taken up again|恢复"):
        advance_stage(
            note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
        )
    stop(cast, "resume")
    cast.project.refresh_from_db()
    assert (cast.project.stage, cast.project.standing) == (Stage.LEAD, Standing.RUNNING)


def test_a_paused_project_can_be_terminated_and_taken_up_again(cast):
    stop(cast, "pause")
    stop(cast, "terminate")
    assert cast.project.standing == Standing.TERMINATED
    stop(cast, "resume")
    assert cast.project.standing == Standing.RUNNING


def test_a_stage_gate_judges_the_stored_facts_not_those_of_a_stale_screen(cast):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    stale = Project.objects.get(pk=cast.project.pk)
    for name, value in FACTS.items():
        setattr(stale, name, value)
    with pytest.raises(MoveRefused):
        advance_stage(note="现场查看", actor=cast.agent, project=stale, stage=Stage.SIGNED, at=AT)


def test_two_people_make_the_same_move_and_the_second_is_told(cast):
    mine = Project.objects.get(pk=cast.project.pk)
    yours = Project.objects.get(pk=cast.project.pk)
    advance_stage(
        note="现场查看",
        actor=cast.agent,
        project=mine,
        stage=Stage.NEGOTIATING,
        at=AT,
        version=mine.version,
    )
    with pytest.raises(StaleMove, match=str(Stage.NEGOTIATING.label)):
        advance_stage(
            note="现场查看",
            actor=cast.lead,
            project=yours,
            stage=Stage.NEGOTIATING,
            at=AT,
            version=yours.version,
        )


def test_a_stage_is_taken_back_with_a_reason_by_whoever_may_stop(cast):
    advance_stage(
        note="现场查看", actor=cast.agent, project=cast.project, stage=Stage.NEGOTIATING, at=AT
    )
    back = {"project": cast.project, "move": "back_to_lead", "at": AT}
    with pytest.raises(NotAllowedError):
        move_stage(actor=cast.agent, reason="误点", **back)
    with pytest.raises(MoveRefused):
        move_stage(actor=cast.lead, **back)
    move_stage(actor=cast.lead, reason="误点", **back)
    assert cast.project.stage == Stage.LEAD


def test_a_removed_project_leaves_later_figures_and_lists_but_no_past_one(cast):
    figure, before = get("projects"), AT + timedelta(days=1)
    assert figure.value(before) == 1
    move_standing(
        actor=cast.leader,
        project=cast.project,
        move="remove",
        reason="重复录入",
        at=AT.replace(month=10),
    )
    assert figure.value(before) == 1
    assert figure.value(AT.replace(month=11)) == 0
    assert not Project.objects.visible_to(cast.leader).exists()
    assert cast.register().code != cast.project.code


def test_what_was_paid_in_is_corrected_without_touching_the_past(cast):
    paid = {"actor": cast.agent, "project": cast.project, "evidence": "入库凭证"}
    record_paid_in(month=AT.date(), amount_fen=1_000_00, at=AT, **paid)
    later = AT + timedelta(days=20)
    record_paid_in(month=AT.date(), amount_fen=900_00, at=later, **paid)
    assert paid_in_fen(cast.project) == 900_00
    assert paid_in_fen(cast.project, cutoff=AT + timedelta(days=1)) == 1_000_00
    with pytest.raises(UserFacingError):
        record_paid_in(month=AT.date() + timedelta(days=40), amount_fen=1, at=AT, **paid)
    with pytest.raises(UserFacingError):
        record_paid_in(
            actor=cast.agent,
            project=cast.project,
            month=AT.date(),
            amount_fen=1,
            evidence="",
            at=AT,
        )
    with pytest.raises(NotAllowedError):
        record_paid_in(
            actor=cast.stranger,
            project=cast.project,
            month=AT.date(),
            amount_fen=1,
            evidence="x",
            at=AT,
        )


def test_lights_are_stored_dated_and_follow_the_work(cast):
    late = ItemInput(
        what="交地", department_id=DepartmentFactory().pk, due_on=AT.date() - timedelta(days=1)
    )
    (item,) = add_list_items(actor=cast.agent, project=cast.project, items=[late], at=AT)
    assert (cast.project.light, cast.project.late) == (Light.RED, 1)
    finish_item(actor=cast.agent, item=item, note="已交地", at=AT + timedelta(days=1))
    cast.project.refresh_from_db()
    assert (cast.project.light, cast.project.late) == (Light.GREEN, 0)
    assert [row.light for row in cast.project.lights.all()] == [Light.RED, Light.GREEN]


def test_with_every_day_something_becomes_late_and_the_night_sees_it(cast):
    due = ItemInput(
        what="交地", department_id=DepartmentFactory().pk, due_on=AT.date() + timedelta(days=9)
    )
    add_list_items(actor=cast.agent, project=cast.project, items=[due], at=AT)
    seen = []
    for days in (0, 6, 10):
        refresh_lights(today=AT.date() + timedelta(days=days))
        cast.project.refresh_from_db()
        seen.append(cast.project.light)
    assert seen == [Light.GREEN, Light.AMBER, Light.RED]
    assert refresh_lights(today=AT.date() + timedelta(days=10)) == 0


def test_a_stranger_does_nothing_to_the_project(cast):
    project, stranger = cast.project, cast.stranger
    item = ItemInput(what="交地", department_id=DepartmentFactory().pk, due_on=AT.date())
    with pytest.raises(NotAllowedError):
        advance_stage(
            note="现场查看", actor=stranger, project=project, stage=Stage.NEGOTIATING, at=AT
        )
    with pytest.raises(NotAllowedError):
        update_project(actor=stranger, project=project, values={"investor": "x"}, version=1, at=AT)
    with pytest.raises(NotAllowedError):
        add_list_items(actor=stranger, project=project, items=[item], at=AT)
    with pytest.raises(NotAllowedError):
        move_standing(actor=stranger, project=project, move="pause", reason="x", at=AT)
    places = {"agent": UserFactory()}
    with pytest.raises(NotAllowedError):
        assign_team(actor=stranger, project=project, places=places, since=AT.date(), at=AT)
    with pytest.raises(NotAllowedError):
        propose_zero_burden(actor=stranger, project=project, fees=[], at=AT)
    assert Project.objects.visible_to(stranger).count() == 0


def test_the_same_lead_twice_is_refused_with_the_one_that_exists(cast):
    with pytest.raises(UserFacingError, match=cast.project.code):
        cast.register()


def test_numbers_go_on_and_are_never_given_twice(cast):
    codes = {cast.register(name=f"项目{n}").code for n in range(5)}
    assert len(codes) == 5
    assert all(code > cast.project.code for code in codes)


def rows(*due, after=()):
    department = DepartmentFactory()
    return [
        ItemInput(
            what=f"任务{place}",
            department_id=department.pk,
            due_on=day,
            after=after if place else (),
        )
        for place, day in enumerate(due)
    ]


def test_a_row_of_the_list_is_struck_off_once_and_by_its_version(cast):
    (item,) = add_list_items(actor=cast.agent, project=cast.project, items=rows(AT.date()), at=AT)
    done = {"actor": cast.agent, "item": item, "at": AT, "note": "已交地"}
    with pytest.raises(StaleMove):
        finish_item(version=9, **done)
    with pytest.raises(UserFacingError):
        finish_item(**{**done, "note": " "})
    finish_item(version=item.version, **done)
    item.refresh_from_db()
    assert (item.done_at, item.is_done) == (AT, True)
    with pytest.raises(MoveRefused):
        finish_item(**done)
    reopen_item(actor=cast.agent, item=item, at=AT, reason="没交完")
    assert (item.done_at, item.is_open) == (None, True)
    drop_item(actor=cast.agent, item=item, at=AT, reason="不再需要")
    assert not item.is_open
    assert [row.move for row in history(item)] == ["begin", "finish", "reopen", "drop"]


def test_a_row_waits_for_all_rows_before_it(cast):
    day = AT.date()
    first, second = add_list_items(
        actor=cast.agent, project=cast.project, items=rows(day, day, after=(0,)), at=AT
    )
    assert (first.order, second.order) == (1, 2)
    with pytest.raises(MoveRefused, match=first.what):
        finish_item(actor=cast.agent, item=second, note="完成", at=AT)
    finish_item(actor=cast.agent, item=first, note="完成", at=AT)
    finish_item(actor=cast.agent, item=second, note="完成", at=AT)
    with pytest.raises(UserFacingError):
        add_list_items(
            actor=cast.agent, project=cast.project, items=rows(day, day, after=(1,)), at=AT
        )


def test_a_row_knows_who_entered_it_and_where_it_came_from(cast):
    given = ItemInput(
        what="交地", department_id=DepartmentFactory().pk, due_on=AT.date(), origin=cast.enterprise
    )
    (item,) = add_list_items(actor=cast.agent, project=cast.project, items=[given], at=AT)
    item.refresh_from_db()
    assert (item.origin, item.created_by_id) == (cast.enterprise, cast.agent.user_id)


def test_a_new_agent_takes_the_place_of_the_old_one(cast):
    first, second = UserFactory(), UserFactory()
    for person in (first, second):
        places = {"agent": person}
        assign_team(actor=cast.lead, project=cast.project, places=places, since=AT.date(), at=AT)
    assert [m.user for m in cast.project.team.filter(until=None)] == [second]
    assert cast.project.team.get(user=first).until == AT.date()


def test_a_slot_holds_a_person_or_a_unit_as_the_city_says(cast):
    unit = DepartmentFactory()
    given = {"actor": cast.lead, "project": cast.project, "since": AT.date(), "at": AT}
    (member,) = assign_team(places={"unit": unit}, **given)
    assert (member.department, member.user, member.who) == (unit, None, str(unit))
    with pytest.raises(UserFacingError):
        assign_team(places={"agent": unit}, **given)
    with pytest.raises(UserFacingError, match="nobody"):
        assign_team(places={"nobody": unit}, **given)


def test_figures_count_what_existed_before_the_cut_off_and_nothing_written_down(cast):
    later = AT + timedelta(days=40)
    other = cast.register(name="二期", at=later)
    figure, soon = get("projects"), AT + timedelta(days=1)
    assert (figure.value(AT), figure.value(soon)) == (0, 1)
    assert figure.value(later + timedelta(days=1)) == 2
    move_standing(
        actor=cast.leader, project=other, move="remove", reason="重复", at=later + timedelta(days=2)
    )
    assert figure.value(later + timedelta(days=1)) == 2
    assert figure.value(later + timedelta(days=3)) == 1

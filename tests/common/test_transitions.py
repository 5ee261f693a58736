"""State machines: the table decides, the row is locked, the log is written."""

from datetime import datetime, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType

from crm.common.days.clock import SHANGHAI
from crm.common.errors import NotAllowedError
from crm.common.outbox.models import Job
from crm.common.people.enums import Role
from crm.common.records.models import Transition
from crm.common.records.transitions import (
    MACHINES,
    Machine,
    Missing,
    Move,
    MoveRefused,
    StaleMove,
    history,
)
from tests.common.factories import UserFactory, actor_of
from tests.projects.factories import Cast

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)
pytestmark = pytest.mark.django_db


@pytest.fixture
def machine():
    made = Machine(
        "tests.user",
        field="language",
        initial="",
        labels={"": "新", "zh-hans": "中文", "en": "英文", "xx": "停"},
        moves=[
            Move(
                "to_chinese", frozenset({""}), "zh-hans", "改中文", lambda a, o: a.has(Role.AGENT)
            ),
            Move(
                "to_english",
                frozenset({"zh-hans"}),
                "en",
                "改英文",
                lambda a, o: True,
                needs_reason=True,
            ),
            Move(
                "stop", frozenset({"", "en"}), "xx", "停用", lambda a, o: True, needs_evidence=True
            ),
        ],
    )
    yield made
    del MACHINES["tests.user"]


@pytest.fixture
def agent():
    return actor_of(UserFactory(), Role.AGENT)


def test_a_move_changes_the_state_and_writes_one_row(machine, agent):
    person = UserFactory()
    row = machine.apply(person, "to_chinese", actor=agent, at=AT)
    person.refresh_from_db()
    assert person.language == "zh-hans"
    assert (row.from_state, row.to_state, row.actor_id, row.at) == (
        "",
        "zh-hans",
        agent.user_id,
        AT,
    )
    assert list(history(person)) == [row]


def test_a_move_from_another_state_is_refused_with_both_names(machine, agent):
    with pytest.raises(MoveRefused, match=r"改英文.*新"):
        machine.apply(UserFactory(), "to_english", actor=agent, at=AT, reason="因为")


def test_a_stranger_is_refused_and_nothing_changes(machine):
    person, stranger = UserFactory(), actor_of(UserFactory(), Role.FINANCE)
    with pytest.raises(NotAllowedError):
        machine.apply(person, "to_chinese", actor=stranger, at=AT)
    person.refresh_from_db()
    assert person.language == ""
    assert not Transition.objects.exists()


def test_a_reason_that_is_only_blanks_is_no_reason(machine, agent):
    person = UserFactory(language="zh-hans")
    with pytest.raises(MoveRefused):
        machine.apply(person, "to_english", actor=agent, at=AT, reason="  ")


def test_evidence_that_is_required_must_be_there(machine, agent):
    with pytest.raises(MoveRefused):
        machine.apply(UserFactory(), "stop", actor=agent, at=AT)


def test_the_state_in_the_database_counts_not_the_one_in_memory(machine, agent):
    person = UserFactory()
    stale = type(person).objects.get(pk=person.pk)
    machine.apply(person, "to_chinese", actor=agent, at=AT)
    with pytest.raises(MoveRefused):
        machine.apply(stale, "to_chinese", actor=agent, at=AT)
    assert Transition.objects.filter(target_id=person.pk).count() == 1


def test_the_buttons_are_the_moves_that_would_be_taken(machine, agent):
    assert [m.name for m in machine.available(agent, UserFactory())] == ["to_chinese", "stop"]


def test_a_table_that_names_an_unknown_state_is_refused_at_import():
    with pytest.raises(ValueError, match="unknown states"):
        Machine(
            "tests.bad",
            initial="a",
            labels={"a": "甲"},
            moves=[Move("go", frozenset({"a"}), "b", "去", lambda a, o: True)],
        )
    assert "tests.bad" not in MACHINES


def test_history_is_of_one_record_only(machine, agent):
    first, second = UserFactory(), UserFactory()
    machine.apply(first, "to_chinese", actor=agent, at=AT)
    machine.apply(second, "to_chinese", actor=agent, at=AT)
    assert history(first).count() == 1
    job_type = ContentType.objects.get_for_model(Job)
    assert not Transition.objects.filter(target_type=job_type).exists()


# --- versions, requirements, the past ----------------------------------------
@pytest.fixture
def view_machine():
    made = Machine(
        "tests.project",
        field="stage",
        initial="lead",
        labels={"lead": "线索", "negotiating": "在谈"},
        moves=[
            Move(
                "assign",
                frozenset({"lead"}),
                "negotiating",
                "在谈",
                lambda a, o: True,
                requires=lambda o: () if o.name != "空" else (Missing("name", "题目"),),
            )
        ],
    )
    yield made
    del MACHINES["tests.project"]


def test_a_form_of_an_older_version_is_told_who_did_what(view_machine, agent):
    project = Cast().project
    opened_on = project.version
    view_machine.apply(project, "assign", actor=agent, at=AT, version=opened_on)
    assert project.version == opened_on + 1
    with pytest.raises(StaleMove, match=r"在谈.*2024-09-12 09:30|2024-09-12 09:30.*在谈"):
        view_machine.apply(project, "assign", actor=agent, at=AT, version=opened_on)


def test_what_a_move_requires_is_asked_of_the_locked_row(view_machine, agent):
    project = Cast().project
    stale = type(project).objects.get(pk=project.pk)
    type(project).objects.filter(pk=project.pk).update(name="空")
    with pytest.raises(MoveRefused, match="题目"):
        view_machine.apply(stale, "assign", actor=agent, at=AT)


def test_changes_are_computed_from_the_locked_row_and_brought_to_the_callers_copy(
    view_machine, agent
):
    project = Cast().project
    type(project).objects.filter(pk=project.pk).update(filing_code="库中")
    view_machine.apply(
        project, "assign", actor=agent, at=AT, changes=lambda row: {"name": row.filing_code}
    )
    assert (project.name, project.filing_code) == ("库中", "库中")
    project.refresh_from_db()
    assert project.name == "库中"


def test_the_state_on_a_past_day_is_a_query(view_machine, agent):
    project = Cast().project
    view_machine.begin(project, actor=agent, at=AT)
    view_machine.apply(project, "assign", actor=agent, at=AT + timedelta(days=2))
    rows = type(project).objects.filter(pk=project.pk)

    def then(days):
        return view_machine.on(rows, AT + timedelta(days=days)).get().state_then

    assert [then(0), then(1), then(3)] == [None, "lead", "negotiating"]

"""Two people make the same move at once: one wins, the other is told what changed."""

import pytest
from django.conf import settings

from crm.common.errors import NotAllowedError
from crm.common.records.models import Transition
from crm.common.records.transitions import MoveRefused, StaleMove
from issues import services
from issues.models import Confirmation, Issue, SweepTarget
from issues.services import Matter, TargetSpec
from tests.issues.factories import AT, Cast, picture
from tests.projects.test_two_people import both, fresh

TWO_WRITERS = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"],
        reason="two writers at once need PostgreSQL",
    ),
]


def together(test):
    """Mark a test that needs two writers."""
    for mark in TWO_WRITERS:
        test = mark(test)
    return test


def meeting_of(cast):
    meeting = services.request_meeting(
        actor=cast.acts("agent"),
        at=AT,
        title="协调会",
        planned_at=AT,
        matters=[Matter("事", project=cast.project)],
    )
    services.hold_meeting(
        actor=cast.acts("lead"), at=AT, meeting=meeting, held_at=AT, chair="陈", present=[]
    )
    return services.draft_minutes(
        actor=cast.acts("agent"), at=AT, meeting=meeting, text="纪要", settled=[]
    )


def sweep_of(cast):
    return services.plan_sweep(
        actor=cast.acts("lead"),
        at=AT,
        title="大排查",
        starts_on=AT.date(),
        ends_on=AT.date(),
        targets=[TargetSpec(cast.enterprise, cast.agent, AT.date(), cast.project)],
    )


def moves(cast):
    """Return (record, move, act) of one move of each machine of the room."""
    issue, meeting, sweep = cast.log(), fresh(meeting_of(cast)), sweep_of(cast)
    lead = cast.acts("lead")
    return {
        "issues.issue": (
            issue,
            lambda version: services.assign_issue(
                actor=lead, at=AT, issue=fresh(issue), version=version, department=cast.power
            ),
        ),
        "issues.meeting": (
            meeting,
            lambda version: services.sign_minutes(
                actor=lead, at=AT, meeting=fresh(meeting), version=version
            ),
        ),
        "issues.sweep": (
            sweep,
            lambda version: services.start_sweep(
                actor=lead, at=AT, sweep=fresh(sweep), version=version
            ),
        ),
    }


MACHINES = ["issues.issue", "issues.meeting", "issues.sweep"]


@together
@pytest.mark.parametrize("machine", MACHINES)
def test_one_wins_and_the_other_is_told_what_changed(machine):
    record, act = moves(Cast())[machine]
    before = Transition.objects.filter(machine=machine, target_id=record.pk).count()
    version = fresh(record).version
    made, refused = both(lambda: act(version))
    assert made == 1
    assert [type(refusal) for refusal in refused] == [StaleMove]
    assert "2024-09-12" in str(refused[0])
    after = Transition.objects.filter(machine=machine, target_id=record.pk).count()
    assert after == before + 1


@together
def test_of_two_words_at_once_one_counts(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    cast = Cast()
    issue = cast.answered()
    made, refused = both(
        lambda: services.confirm_by_enterprise(
            actor=cast.acts("member"), at=AT, issue=fresh(issue), outcome="solved"
        )
    )
    assert (made, [type(one) for one in refused]) == (1, [MoveRefused])
    assert Confirmation.objects.count() == 1


@together
def test_a_target_is_visited_once():
    cast = Cast()
    sweep = sweep_of(cast)
    services.start_sweep(actor=cast.acts("lead"), at=AT, sweep=sweep)
    target = SweepTarget.objects.get(sweep=sweep)
    made, refused = both(
        lambda: services.record_sweep_visit(actor=cast.acts("agent"), at=AT, target=fresh(target))
    )
    assert (made, len(refused), cast.enterprise.visits.count()) == (1, 1, 1)


@together
@pytest.mark.parametrize("other", ["excused", "given", "excused by two"])
def test_a_target_is_visited_or_left_out_or_given_away_never_two_of_it(other):
    cast = Cast()
    sweep = sweep_of(cast)
    services.start_sweep(actor=cast.acts("lead"), at=AT, sweep=sweep)
    target = SweepTarget.objects.get(sweep=sweep)
    at = {"actor": cast.acts("lead"), "at": AT}
    visit = lambda: services.record_sweep_visit(  # noqa: E731
        actor=cast.acts("agent"), at=AT, target=fresh(target)
    )
    excuse = lambda: services.excuse_target(**at, target=fresh(target), reason="已搬走")  # noqa: E731
    give = lambda: services.give_target(**at, target=fresh(target), owner=cast.lead)  # noqa: E731
    acts = {"excused": (visit, excuse), "given": (visit, give), "excused by two": (excuse, excuse)}
    made, refused = both(*acts[other])
    found = fresh(target)
    if other == "given":  # given first, then visited: both are right
        assert found.visit is not None
        assert made + len(refused) == 2
        assert (found.owner == cast.lead) == (made == 2)
        return
    assert (made, len(refused)) == (1, 1)
    assert "记录" in str(refused[0]) or "已" in str(refused[0])
    assert (found.visit is None) == (found.excused_at is not None)


@together
def test_a_recurrence_opens_one_round(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    cast = Cast()
    issue = cast.closed()
    made, refused = both(lambda: cast.log(reopens=True, verbatim="又停电了"))
    assert made + len(refused) == 2
    assert issue.rounds.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("machine", MACHINES)
def test_a_stale_screen_moves_nothing(machine):
    record, act = moves(Cast())[machine]
    version = fresh(record).version
    act(version)
    moved = fresh(record)
    with pytest.raises(StaleMove, match="2024-09-12"):
        act(version)
    assert (fresh(record).status, fresh(record).version) == (moved.status, moved.version)


def test_a_stale_answer_keeps_no_evidence_and_a_stranger_is_refused(cast):
    issue = cast.log(department=cast.power)
    services.sign_for(actor=cast.acts("handler"), at=AT, issue=issue)
    stale = Issue.objects.get(pk=issue.pk).version - 1
    answer = {"at": AT, "issue": issue, "text": "已送电", "evidence": [picture()]}
    with pytest.raises(StaleMove):
        services.answer_issue(actor=cast.acts("handler"), version=stale, **answer)
    with pytest.raises(NotAllowedError):
        services.answer_issue(actor=cast.acts("strange_handler"), **answer)
    assert issue.parts[0].answered_at is None

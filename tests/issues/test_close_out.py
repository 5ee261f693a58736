"""递进式销号: who may do what, what is needed, and what no sequence of moves can reach."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.records.models import Transition
from crm.common.records.transitions import MoveRefused, history
from issues import services
from issues.models import Confirmation, Issue
from issues.rules import CAPTURE_MAX_AGE, bounded_capture, short_title
from issues.selectors.ledger import closing_conditions, to_confirm, to_do
from issues.states import ISSUE_MACHINE
from tests.crm.factories import EnterpriseFactory
from tests.issues.factories import AT, picture

pytestmark = pytest.mark.django_db


def test_the_due_day_counts_working_days_and_not_the_day_of_receipt(cast):
    issue = cast.log(severity="stopped")
    # 12 September 2024 is a Thursday; Saturday the 14th is worked, 15-17 is Mid-Autumn.
    assert issue.due_on == date(2024, 9, 18)


def test_the_clock_counts_from_the_capture_but_not_from_a_wrong_phone_clock(cast):
    assert cast.log(captured_at=AT - timedelta(hours=5)).reported_at == AT - timedelta(hours=5)
    assert cast.log(captured_at=AT + timedelta(days=300)).reported_at == AT
    old = cast.log(captured_at=AT - timedelta(days=4000))
    assert old.reported_at == AT - CAPTURE_MAX_AGE
    assert old.captured_at == AT - timedelta(days=4000)


@given(st.timedeltas(timedelta(days=-9000), timedelta(days=9000)))
def test_the_bounded_capture_never_leaves_its_window(offset):
    assert AT - CAPTURE_MAX_AGE <= bounded_capture(AT + offset, AT) <= AT


@given(st.text(min_size=1, max_size=300).filter(str.strip))
def test_a_title_fits_its_column_and_is_never_empty(words):
    assert 0 < len(short_title(words)) <= 80


def test_the_same_draft_is_one_issue_and_another_persons_is_refused(cast):
    draft = uuid4()
    first = cast.log(client_uuid=draft, photos=[picture()])
    assert cast.log(client_uuid=draft, photos=[picture()]).pk == first.pk
    with pytest.raises(ConflictError):
        cast.log(client_uuid=draft, actor=cast.acts("lead"))
    assert Issue.objects.count() == 1


def test_a_project_of_another_enterprise_is_refused(cast):
    with pytest.raises(UserFacingError):
        cast.log(enterprise=EnterpriseFactory())


def test_who_may_see_an_issue(cast):
    issue = cast.log(department=cast.power)
    seen = {
        name: Issue.objects.visible_to(cast.acts(name)).filter(pk=issue.pk).exists()
        for name in [
            "agent",
            "lead",
            "handler",
            "member",
            "leader",
            "helper",
            "stranger",
            "strange_handler",
            "strange_member",
        ]
    }
    assert seen == {
        "agent": True,
        "lead": True,
        "handler": True,
        "member": True,
        "leader": True,
        "helper": False,
        "stranger": False,
        "strange_handler": False,
        "strange_member": False,
    }


@pytest.mark.parametrize(
    ("move", "who"),
    [
        ("assign", "handler"),
        ("assign", "member"),
        ("sign", "agent"),
        ("sign", "strange_handler"),
        ("park", "agent"),
        ("extend", "handler"),
        ("refuse", "handler"),
        ("verify", "handler"),
        ("close", "handler"),
        ("close", "member"),
        ("dispute", "handler"),
        ("dispute", "strange_member"),
    ],
)
def test_a_move_is_refused_to_whom_it_does_not_belong(cast, move, who):
    issue = cast.log(department=cast.power)
    source = next(iter(ISSUE_MACHINE.moves[move].sources))
    issue.status = source
    with pytest.raises(NotAllowedError):
        ISSUE_MACHINE.check(
            issue,
            ISSUE_MACHINE.moves[move],
            actor=cast.acts(who),
            reason="因为",
            evidence=["x"],
        )


def test_an_answer_needs_words_and_evidence(cast):
    issue = cast.log(department=cast.power)
    handler = cast.acts("handler")
    services.sign_for(actor=handler, at=AT, issue=issue)
    with pytest.raises(MoveRefused):
        services.answer_issue(actor=handler, at=AT, issue=issue, text="好了", evidence=[])
    with pytest.raises(MoveRefused):
        services.answer_issue(actor=handler, at=AT, issue=issue, text=" ", evidence=[picture()])
    issue.refresh_from_db()
    assert issue.status == "signed"


def test_an_issue_is_answered_when_every_department_has_answered(cast):
    issue = cast.log()
    services.assign_issue(
        actor=cast.acts("lead"), at=AT, issue=issue, department=cast.power, assisting=[cast.park]
    )
    services.sign_for(actor=cast.acts("handler"), at=AT, issue=issue)
    services.answer_issue(
        actor=cast.acts("handler"), at=AT, issue=issue, text="电通了", evidence=[picture()]
    )
    issue.refresh_from_db()
    assert issue.status == "handling"
    assert not closing_conditions(issue)[0].met
    services.answer_issue(
        actor=cast.acts("helper"), at=AT, issue=issue, text="路通了", evidence=[picture()]
    )
    issue.refresh_from_db()
    assert issue.status == "answered"
    assert closing_conditions(issue)[0].met


def test_without_the_enterprises_solved_nothing_is_struck_off(cast):
    issue = cast.answered()
    services.verify_issue(actor=cast.acts("agent"), at=AT, issue=issue)
    with pytest.raises(MoveRefused):
        services.close_issue(actor=cast.acts("lead"), at=AT, issue=issue)
    issue.refresh_from_db()
    assert (issue.status, issue.closed_at) == ("verified", None)


@pytest.mark.parametrize("outcome", ["partly", "not"])
def test_an_unsolved_issue_goes_back_to_work_and_needs_a_new_answer(cast, outcome):
    issue = cast.answered()
    assert list(to_confirm(cast.acts("member"))) == [issue]
    services.confirm_by_enterprise(
        actor=cast.acts("member"), at=AT, issue=issue, outcome=outcome, words="还差一半"
    )
    issue.refresh_from_db()
    assert issue.status == "handling"
    assert list(to_do(cast.acts("handler"))) == [issue]
    assert not to_confirm(cast.acts("member")).exists()
    services.answer_issue(
        actor=cast.acts("handler"), at=AT, issue=issue, text="全好了", evidence=[picture()]
    )
    later = AT + timedelta(days=1)
    services.confirm_by_enterprise(
        actor=cast.acts("member"), at=later, issue=issue, outcome="solved"
    )
    services.verify_issue(actor=cast.acts("agent"), at=later, issue=issue)
    services.close_issue(actor=cast.acts("lead"), at=later, issue=issue)
    assert [row.move for row in history(issue)].count("answer") == 2


def test_only_the_enterprise_itself_says_solved(cast):
    issue = cast.answered()
    for who in ("agent", "leader", "strange_member"):
        with pytest.raises(NotAllowedError):
            services.confirm_by_enterprise(
                actor=cast.acts(who), at=AT, issue=issue, outcome="solved"
            )


def test_a_partly_without_words_is_asked_for_them(cast):
    issue = cast.answered()
    with pytest.raises(MoveRefused):
        services.confirm_by_enterprise(
            actor=cast.acts("member"), at=AT, issue=issue, outcome="partly"
        )


def test_a_returned_issue_can_go_to_another_department(cast):
    issue = cast.log(department=cast.power)
    services.return_issue(actor=cast.acts("handler"), at=AT, issue=issue, reason="不归我们管")
    assert issue.status == "returned"
    assert not Issue.objects.visible_to(cast.acts("handler")).exists()
    services.assign_issue(actor=cast.acts("agent"), at=AT, issue=issue, department=cast.park)
    assert Issue.objects.visible_to(cast.acts("helper")).exists()


def test_more_time_is_granted_only_forward_and_by_an_approver(cast):
    issue = cast.log(department=cast.power)
    services.sign_for(actor=cast.acts("handler"), at=AT, issue=issue)
    with pytest.raises(MoveRefused):
        services.extend_issue(
            actor=cast.acts("lead"), at=AT, issue=issue, due_on=issue.due_on, reason="设备晚到"
        )
    later = issue.due_on + timedelta(days=5)
    services.extend_issue(
        actor=cast.acts("lead"), at=AT, issue=issue, due_on=later, reason="设备晚到"
    )
    issue.refresh_from_db()
    assert issue.due_on == later


def test_a_parked_issue_has_a_day_of_review_and_comes_back(cast):
    issue = cast.log()
    lead = cast.acts("lead")
    with pytest.raises(MoveRefused):
        services.park_issue(actor=lead, at=AT, issue=issue, review_on=AT.date(), reason="等政策")
    services.park_issue(
        actor=lead, at=AT, issue=issue, review_on=date(2024, 12, 12), reason="等政策"
    )
    services.resume_issue(actor=lead, at=AT, issue=issue)
    issue.refresh_from_db()
    assert (issue.status, issue.parked_until) == ("received", None)


def test_the_database_refuses_a_closing_day_without_closing(cast):
    issue = cast.log()
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(closed_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=issue.pk).update(status="closed")


def test_a_reopened_issue_keeps_its_first_closing_in_its_history(cast):
    issue = cast.closed()
    services.reopen_issue(actor=cast.acts("lead"), at=AT, issue=issue, reason="又停电了")
    issue.refresh_from_db()
    assert (issue.status, issue.closed_at) == ("received", None)
    assert "close" in [row.move for row in history(issue)]


def _step(cast, issue, name, who, at):
    actor = cast.acts(who)
    call = {
        "assign": lambda: services.assign_issue(
            actor=actor, at=at, issue=issue, department=cast.power
        ),
        "sign": lambda: services.sign_for(actor=actor, at=at, issue=issue),
        "start": lambda: services.start_handling(actor=actor, at=at, issue=issue),
        "answer": lambda: services.answer_issue(
            actor=actor, at=at, issue=issue, text="已办", evidence=[picture()]
        ),
        "verify": lambda: services.verify_issue(actor=actor, at=at, issue=issue),
        "solved": lambda: services.confirm_by_enterprise(
            actor=actor, at=at, issue=issue, outcome="solved"
        ),
        "partly": lambda: services.confirm_by_enterprise(
            actor=actor, at=at, issue=issue, outcome="partly", words="没好"
        ),
        "close": lambda: services.close_issue(actor=actor, at=at, issue=issue),
        "send_back": lambda: services.send_back(actor=actor, at=at, issue=issue, reason="不行"),
        "return": lambda: services.return_issue(actor=actor, at=at, issue=issue, reason="不归我"),
        "park": lambda: services.park_issue(
            actor=actor, at=at, issue=issue, review_on=date(2025, 1, 6), reason="等"
        ),
        "resume": lambda: services.resume_issue(actor=actor, at=at, issue=issue),
        "refuse": lambda: services.refuse_issue(actor=actor, at=at, issue=issue, reason="不属"),
        "reopen": lambda: services.reopen_issue(actor=actor, at=at, issue=issue, reason="复发"),
    }[name]
    try:
        with transaction.atomic():
            call()
    except UserFacingError:
        issue.refresh_from_db()


STEPS = [
    "assign",
    "sign",
    "start",
    "answer",
    "verify",
    "solved",
    "partly",
    "close",
    "send_back",
    "return",
    "park",
    "resume",
    "refuse",
    "reopen",
]
PEOPLE = ["agent", "lead", "handler", "helper", "member", "stranger"]
USUAL = [
    ("assign", "agent"),
    ("sign", "handler"),
    ("answer", "handler"),
    ("solved", "member"),
    ("verify", "agent"),
    ("close", "lead"),
]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    prefix=st.integers(0, len(USUAL)),
    steps=st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(PEOPLE)), min_size=1, max_size=8
    ),
)
def test_no_sequence_of_moves_closes_an_issue_wrongly_or_loses_history(cast, prefix, steps):
    issue = cast.log()
    known: list[int] = []
    for number, (name, who) in enumerate([*USUAL[:prefix], *steps]):
        _step(cast, issue, name, who, AT + timedelta(minutes=number))
        issue.refresh_from_db()
        assert (issue.status == "closed") == (issue.closed_at is not None)
        rows = list(history(issue).values_list("pk", flat=True))
        assert rows[: len(known)] == known
        known = rows
    for row in Transition.objects.filter(target_id=issue.pk, move="close"):
        before = Transition.objects.filter(target_id=issue.pk, pk__lt=row.pk)
        handled = before.filter(move__in=["sign", "start", "answer"])
        assert row.actor_id not in set(handled.values_list("actor_id", flat=True))
        assert before.filter(move="answer", evidence__isnull=False).exists()
        assert before.filter(move="verify").exists()
        assert Confirmation.objects.filter(
            round__issue=issue, outcome="solved", confirmed_at__lte=row.at
        ).exists()

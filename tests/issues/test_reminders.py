"""Whoever has the next step of an issue is reminded before, on and after its day, once each."""

from datetime import date, datetime, time

import pytest

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import SHANGHAI
from crm.common.outbox.models import Recipient, ReminderSent
from crm.common.outbox.reminding import send_reminders
from crm.common.people.enums import Role
from issues import services
from issues.enums import Severity
from tests.crm.factories import DepartmentFactory, staff
from tests.issues.factories import AT, Cast, picture

pytestmark = pytest.mark.django_db
# Logged on Thursday 2024-09-12, due after five working days (Mid-Autumn and its make-up day).
BEFORE, ON, AFTER = "2024-09-18", "2024-09-20", "2024-09-23"
REMINDED = ("issues.due", "issues.review")


@pytest.fixture
def cast():
    return Cast()


@pytest.fixture
def issue(cast):
    return cast.log(department=cast.power, severity=Severity.DELAYING)


def on(day):
    at = datetime.combine(date.fromisoformat(day), time(8, 5), SHANGHAI)
    return send_reminders(at=at, calendar=WorkCalendar())


def told(kind="issues.due"):
    """Return who was told what, in the order of telling."""
    rows = Recipient.objects.filter(message__kind=kind).order_by("pk")
    return [(row.user, row.message.subject) for row in rows]


def test_the_department_hears_before_and_on_the_day_and_the_agent_when_it_is_late(cast, issue):
    assert issue.due_on.isoformat() == ON
    assert [on(day) for day in ("2024-09-13", BEFORE, ON, AFTER, "2024-09-24")] == [0, 1, 1, 1, 0]
    title = issue.title
    assert told() == [
        (cast.handler, f"剩 2 个工作日：{title}"),
        (cast.handler, f"今天到期：{title}"),
        (cast.handler, f"逾期 1 个工作日：{title}"),
        (cast.agent, f"逾期 1 个工作日：{title}"),
    ]
    assert {row.user for row in Recipient.objects.filter(message__kind__in=REMINDED)} == {
        cast.handler,
        cast.agent,
    }


def test_no_message_comes_twice(cast, issue):
    assert [on(BEFORE), on(BEFORE), on("2024-09-19"), on(ON), on(ON)] == [1, 0, 0, 1, 0]
    assert len(told()) == 2


def test_a_scheduler_that_was_down_two_days_loses_nothing(cast, issue):
    assert on("2024-09-13") == 0
    # Down on the 18th and the 19th: what was due then is told on the 20th, as of that day.
    assert on(ON) == 1
    # Down on the 23rd and the 24th.
    assert on("2024-09-25") == 1
    assert [subject.split("：")[0] for _who, subject in told()] == [
        "今天到期",
        "逾期 3 个工作日",
        "逾期 3 个工作日",
    ]


def test_what_the_department_answered_is_the_agents_to_verify(cast):
    issue = cast.answered()
    assert on(issue.due_on.isoformat()) == 1
    assert [who for who, _subject in told()] == [cast.agent]


def test_who_has_answered_is_left_in_peace_while_another_has_not(cast):
    issue = cast.log()
    services.assign_issue(
        actor=cast.acts("agent"),
        at=AT,
        issue=issue,
        department=cast.power,
        assisting=[cast.park],
    )
    services.sign_for(actor=cast.acts("helper"), at=AT, issue=issue)
    services.answer_issue(
        actor=cast.acts("helper"), at=AT, issue=issue, text="已办", evidence=[picture()]
    )
    assert on(issue.due_on.isoformat()) == 1
    assert [who for who, _subject in told()] == [cast.handler]


def test_a_later_day_that_was_granted_begins_the_steps_anew(cast, issue):
    services.sign_for(actor=cast.acts("handler"), at=AT, issue=issue)
    assert on(ON) == 1
    services.extend_issue(
        actor=cast.acts("lead"), at=AT, issue=issue, due_on=date(2024, 9, 27), reason="等设备"
    )
    assert [on("2024-09-23"), on("2024-09-25"), on("2024-09-27")] == [0, 1, 1]


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_what_is_off_the_ledger_is_not_reminded_of(cast, end):
    if end == "close":
        cast.closed()
    else:
        issue = cast.log(department=cast.power)
        services.withdraw_issue(actor=cast.acts("lead"), at=AT, issue=issue, reason="重复")
    assert on("2024-10-30") == 0
    assert told() == []


def test_a_parked_issue_comes_back_on_its_day_of_review(cast, issue):
    services.park_issue(
        actor=cast.acts("lead"),
        at=AT,
        issue=issue,
        review_on=date(2024, 9, 25),
        reason="等上级批复",
    )
    assert [on(ON), on("2024-09-25"), on("2024-09-25"), on("2024-09-26")] == [0, 1, 0, 1]
    assert [who for who, _subject in told("issues.review")] == [cast.agent, cast.agent]
    assert told("issues.review")[0][1] == f"请再看一次：{issue.title}"
    assert told() == []


def test_nobody_is_reminded_of_a_complaint_about_the_own_department(cast):
    inside = staff(Role.AGENT, department=cast.park, areas=[cast.area])
    issue = cast.log(department=cast.power, about_department=cast.park)
    services.return_issue(actor=cast.acts("handler"), at=AT, issue=issue, reason="不归本部门")
    type(issue).objects.filter(pk=issue.pk).update(created_by=None)
    assert on(issue.due_on.isoformat()) == 1
    assert [who for who, _subject in told()] == [cast.agent]
    assert inside not in {row.user for row in Recipient.objects.all()}


def test_who_moved_to_another_office_hears_nothing_more(cast, issue):
    profile = cast.agent.staff_profile
    profile.department = DepartmentFactory()
    profile.save()
    profile.areas.clear()
    type(issue).objects.filter(pk=issue.pk).update(created_by=cast.stranger)
    type(cast.stranger).objects.filter(pk=cast.stranger.pk).update(is_active=False)
    on(AFTER)
    assert {who for who, _subject in told()} == {cast.handler}


def test_with_nobody_to_tell_the_step_waits(cast, issue):
    type(cast.handler).objects.filter(pk=cast.handler.pk).update(is_active=False)
    assert on(BEFORE) == 0
    assert not ReminderSent.objects.exists()
    late = staff(Role.HANDLER, department=cast.power)
    assert on("2024-09-19") == 1
    assert [who for who, _subject in told()] == [late]

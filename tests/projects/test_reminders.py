"""Approvals and list items: who decides, who pushes and who does it is reminded, once a step."""

from datetime import date, datetime, time

import pytest

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import SHANGHAI
from crm.common.outbox.models import Recipient
from crm.common.outbox.reminding import send_reminders
from crm.common.people.enums import Role
from crm.common.people.models import User
from projects.models import ListItem, TeamMember, TeamSlot
from projects.services import (
    ItemInput,
    add_list_items,
    entrust_approvals,
    finish_item,
    move_approval,
    move_standing,
)
from tests.crm.factories import AT, AreaFactory, DepartmentFactory, acting, staff
from tests.projects.factories import Cast, matter

pytestmark = pytest.mark.django_db
DUE = date(2024, 9, 24)
# 2024-09-14 is worked, the 15th to the 17th are off.
FIVE, ONE, ON, AFTER = "2024-09-18", "2024-09-23", "2024-09-24", "2024-09-25"


@pytest.fixture
def cast():
    cast = Cast()
    cast.unit = DepartmentFactory()
    cast.handler = staff(Role.HANDLER, department=cast.unit)
    cast.strange_handler = staff(Role.HANDLER)
    return cast


def on(day):
    at = datetime.combine(date.fromisoformat(day), time(8, 5), SHANGHAI)
    return send_reminders(at=at, calendar=WorkCalendar())


def told(kind):
    rows = Recipient.objects.filter(message__kind=kind).order_by("pk")
    return [(row.user, row.message.subject) for row in rows]


def item(cast, **fields):
    given = {"what": "交地", "department_id": cast.unit.pk, "due_on": DUE, **fields}
    (row,) = add_list_items(
        actor=cast.agent, project=cast.project, items=[ItemInput(**given)], at=AT
    )
    return row


def accepted(cast, days=8):
    """Return a case of the unit whose clock runs from AT."""
    wanted = matter(days=days, department=cast.unit)
    (case,) = entrust_approvals(actor=cast.agent, project=cast.project, matters=[wanted], at=AT)
    move(cast.agent, case, "gather")
    move(acting(cast.handler), case, "accept")
    return case


def move(actor, case, name, **more):
    return move_approval(
        actor=actor, approval=case, move=name, at=AT, calendar=WorkCalendar(), **more
    )


def agent(cast):
    return User.objects.get(pk=cast.agent.user_id)


def test_an_item_reminds_its_unit_at_each_step_once(cast):
    item(cast)
    days = ("2024-09-13", FIVE, FIVE, "2024-09-19", ONE, ON, ON, AFTER, "2024-09-30")
    assert [on(day) for day in days] == [0, 1, 0, 0, 1, 1, 0, 1, 0]
    unit = [subject for who, subject in told("projects.item_due") if who == cast.handler]
    words = ("剩 4 个工作日", "剩 1 个工作日", "今天到期", "逾期 1 个工作日")
    assert unit == [f"{word}：交地" for word in words]


def test_a_scheduler_that_was_down_two_days_tells_the_step_that_counts_now(cast):
    item(cast)
    assert [on("2024-09-20"), on(AFTER)] == [1, 1]
    assert told("projects.item_due")[-1][1] == "逾期 1 个工作日：交地"


def test_an_item_of_a_person_reminds_that_person_alone(cast):
    colleague = staff(Role.HANDLER, department=cast.unit)
    item(cast, person_id=colleague.pk)
    on(ON)
    assert [who for who, _subject in told("projects.item_due")] == [colleague]


def test_of_a_late_item_the_agents_of_the_team_hear_as_well(cast):
    slot = TeamSlot.objects.filter(holder="person").first()
    beside = staff(Role.AGENT, areas=[AreaFactory()])
    for person, until in ((agent(cast), None), (beside, AT.date())):
        TeamMember.objects.get_or_create(
            project=cast.project, slot=slot, user=person, defaults={"since": AT, "until": until}
        )
    item(cast)
    on(ON)
    on(AFTER)
    assert [who for who, _subject in told("projects.item_due")] == [
        cast.handler,
        cast.handler,
        agent(cast),
    ]


def test_an_item_that_is_done_or_of_a_paused_project_is_left_in_peace(cast):
    done = item(cast)
    finish_item(actor=cast.agent, item=done, note="已交", at=AT)
    item(cast, what="通水")
    move_standing(actor=cast.lead, project=cast.project, move="pause", reason="调整", at=AT)
    assert on(AFTER) == 0


def test_a_person_who_may_not_see_the_project_is_not_told_of_it(cast):
    row = item(cast)
    ListItem.objects.filter(pk=row.pk).update(person=cast.strange_handler)
    assert on(ON) == 0
    assert told("projects.item_due") == []


def test_an_approval_reminds_who_decides_and_who_pushes_it(cast):
    case = accepted(cast)
    day = case.due_on.isoformat()
    assert on("2024-09-12") == 0
    assert [on(day), on(day)] == [1, 0]
    assert told("projects.approval_due") == [
        (cast.handler, "今天到期：事项B01"),
        (agent(cast), "今天到期：事项B01"),
    ]
    assert cast.strange_handler not in {who for who, _words in told("projects.approval_due")}


def test_an_approval_whose_clock_stands_reminds_nobody(cast):
    case = accepted(cast)
    day = case.due_on.isoformat()
    move(acting(cast.handler), case, "stop_clock", reason="专家评审")
    assert on(day) == 0


def test_an_approval_that_was_decided_reminds_nobody(cast):
    case = accepted(cast)
    day = case.due_on.isoformat()
    move(acting(cast.handler), case, "review")
    move(acting(cast.handler), case, "decide", result_number="天批〔2024〕1号")
    assert on(day) == 0

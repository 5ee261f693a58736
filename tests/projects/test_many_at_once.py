"""Many rows in one transaction: judged like single ones, written together, all or none."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.records import audit
from crm.common.records.models import AuditEvent
from crm.common.records.transitions import MoveRefused, history
from projects.enums import ItemStatus, Light
from projects.models import ListItem, ProjectLight
from projects.services import Delivered, ItemInput, add_list_items, finish_items, lights_deferred
from tests.common.factories import UserFactory, actor_of
from tests.crm.factories import AT, DepartmentFactory
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def chain(cast, length=3):
    """Return rows of a list of which each waits for the one before."""
    unit, due = DepartmentFactory(), AT.date() + timedelta(days=30)
    rows = [
        ItemInput(what=f"第{n}项", department_id=unit.pk, due_on=due, after=(n - 1,) if n else ())
        for n in range(length)
    ]
    return add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)


def done(*items, note="批文"):
    return [Delivered(item, note, AT) for item in items]


def test_a_table_of_rows_that_wait_for_each_other_is_struck_off_in_any_order(cast):
    first, second, third = chain(cast)
    assert finish_items(actor=cast.agent, delivered=done(third, first, second)) == 3
    for item in (first, second, third):
        stored = ListItem.objects.get(pk=item.pk)
        assert (stored.status, stored.done_at, stored.version) == (ItemStatus.DONE, AT, 2)
        assert (item.status, item.version) == (ItemStatus.DONE, 2)
        last = history(item).last()
        assert (last.move, last.from_state, last.to_state) == ("finish", "open", "done")
        assert (last.actor_id, last.reason) == (cast.agent.user_id, "批文")
    assert AuditEvent.objects.filter(verb="project.list.done").count() == 3


def test_a_row_whose_predecessor_is_not_in_the_table_stops_all(cast):
    first, second, third = chain(cast)
    with pytest.raises(MoveRefused, match="第1项"):
        finish_items(actor=cast.agent, delivered=done(first, third))
    assert set(ListItem.objects.values_list("status", flat=True)) == {ItemStatus.OPEN}
    assert second.is_open


def test_a_stranger_a_done_row_and_an_empty_note_are_refused(cast):
    (item,) = chain(cast, 1)
    with pytest.raises(NotAllowedError):
        finish_items(actor=cast.stranger, delivered=done(item))
    with pytest.raises(UserFacingError):
        finish_items(actor=cast.agent, delivered=done(item, note=" "))
    finish_items(actor=cast.agent, delivered=done(item))
    with pytest.raises(MoveRefused):
        finish_items(actor=cast.agent, delivered=done(item))


def test_deferred_lights_are_those_of_the_end(cast):
    today = AT.date()
    unit = DepartmentFactory()
    late = ItemInput(what="催办", department_id=unit.pk, due_on=today - timedelta(days=1))
    with transaction.atomic(), lights_deferred(today=today):
        add_list_items(actor=cast.agent, project=cast.project, items=[late], at=AT)
        cast.project.refresh_from_db()
        assert cast.project.light == Light.GREEN
    cast.project.refresh_from_db()
    assert (cast.project.light, cast.project.late) == (Light.RED, 1)
    assert list(ProjectLight.objects.values_list("light", "since")) == [(Light.RED, today)]


def test_gathered_audit_rows_stand_in_order_without_what_was_rolled_back():
    user = UserFactory()

    def act(verb):
        audit.record(verb, actor=actor_of(user), target=user)

    with transaction.atomic(), audit.gathered():
        act("first")
        with pytest.raises(RuntimeError), transaction.atomic():
            act("undone")
            raise RuntimeError
        with transaction.atomic():
            act("second")
        assert not AuditEvent.objects.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("verb", "line")) == [
        ("first", 1),
        ("second", 2),
    ]


@pytest.mark.django_db(transaction=True)
def test_gathering_and_deferring_belong_into_a_transaction():
    with pytest.raises(RuntimeError), audit.gathered():
        pass
    with pytest.raises(RuntimeError), lights_deferred(today=date(2024, 9, 12)):
        pass

"""What of the one list is on whose desk: what can be done now, by those whose work it is."""

from datetime import date, timedelta

import pytest

from crm.common.people.enums import Role
from projects.selectors import due_items
from projects.services import Delivered, ItemInput, add_list_items, drop_item, finish_items
from projects.today import today_rows
from tests.crm.factories import AT, DepartmentFactory, acting, staff
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db
DUE = date(2024, 9, 20)


@pytest.fixture
def cast():
    return Cast()


def chain(cast, *units):
    """Return rows of a list, one a unit, of which each waits for the one before."""
    rows = [
        ItemInput(what=f"第{n}项", department_id=unit.pk, due_on=DUE, after=(n - 1,) if n else ())
        for n, unit in enumerate(units)
    ]
    return add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)


def told(actor):
    return [row.what for row in due_items(actor, DUE)]


def test_a_row_comes_to_the_desk_when_what_it_waits_for_is_done_or_dropped(cast):
    unit = DepartmentFactory()
    first, second, _third = chain(cast, unit, unit, unit)
    assert told(cast.agent) == ["第0项"]
    finish_items(actor=cast.agent, delivered=[Delivered(first, "批文", AT)])
    assert told(cast.agent) == ["第1项"]
    drop_item(actor=cast.agent, item=second, at=AT, reason="不再需要")
    assert told(cast.agent) == ["第2项"]


def test_a_handler_finds_the_rows_of_the_own_department_only(cast):
    ours, theirs = DepartmentFactory(), DepartmentFactory()
    rows = [
        ItemInput(what=name, department_id=unit.pk, due_on=DUE)
        for name, unit in (("接电", ours), ("接水", theirs))
    ]
    add_list_items(actor=cast.agent, project=cast.project, items=rows, at=AT)
    handler = acting(staff(Role.HANDLER, department=ours))
    assert told(handler) == ["接电"]
    assert told(cast.agent) == ["接电", "接水"]
    assert told(cast.stranger) == []


def test_today_says_project_and_unit_and_how_long_is_left(cast):
    chain(cast, DepartmentFactory(name="供电公司", short_name="供电公司"))
    (row,) = today_rows(cast.agent, DUE - timedelta(days=1))
    assert (row.title, row.due_on) == ("第0项", DUE)
    assert row.subtitle == f"{cast.project.name} · 供电公司"
    assert not today_rows(cast.stranger, DUE)

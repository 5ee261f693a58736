"""Lights of days on which nobody looked, told from the dated rows."""

from datetime import timedelta

import pytest

from projects.enums import Light
from projects.models import ListItem, ProjectLight
from projects.services import (
    ItemInput,
    add_list_items,
    drop_item,
    finish_item,
    move_standing,
    refresh_lights,
    tell_light_history,
)
from tests.crm.factories import AT, DepartmentFactory
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START = AT.date()


@pytest.fixture
def cast():
    return Cast()


def item(cast, due, at=AT):
    rows = [ItemInput(what="交付净地", department_id=DepartmentFactory().pk, due_on=due)]
    (made,) = add_list_items(actor=cast.agent, project=cast.project, items=rows, at=at)
    # What the service kept is taken away: nobody looked in those days.
    ProjectLight.objects.all().delete()
    return made


def told(cast):
    return list(cast.project.lights.order_by("since").values_list("since", "light", "late", "soon"))


def days(*offsets):
    return [START + offset * DAY for offset in offsets]


def test_a_row_turns_the_light_amber_then_red_and_green_again_when_it_is_done(cast):
    row = item(cast, due=START + 20 * DAY)
    finish_item(actor=cast.agent, item=row, note="交地确认书", at=AT + 25 * DAY)
    ProjectLight.objects.all().delete()
    assert tell_light_history(days=days(0, 10, 17, 18, 22, 25, 30)) == 4
    assert told(cast) == [
        (START, Light.GREEN, 0, 0),
        (START + 17 * DAY, Light.AMBER, 0, 1),
        (START + 22 * DAY, Light.RED, 1, 0),
        (START + 25 * DAY, Light.GREEN, 0, 0),
    ]


def test_a_row_that_came_later_or_was_dropped_is_not_held_against_an_earlier_day(cast):
    late = item(cast, due=START + 2 * DAY, at=AT + 40 * DAY)
    assert tell_light_history(days=days(0, 10)) == 1
    ProjectLight.objects.all().delete()
    tell_light_history(days=days(10, 45))
    assert [row[1] for row in told(cast)] == [Light.GREEN, Light.RED]
    drop_item(actor=cast.agent, item=late, at=AT + 50 * DAY, reason="不再需要")
    ProjectLight.objects.all().delete()
    tell_light_history(days=days(45))
    assert [row[1] for row in told(cast)] == [Light.GREEN]


def test_a_paused_project_is_grey_from_its_day_on_and_one_not_yet_known_has_no_light(cast):
    move_standing(
        actor=cast.leader, project=cast.project, move="pause", reason="调整方案", at=AT + 5 * DAY
    )
    ProjectLight.objects.all().delete()
    tell_light_history(days=days(-3, 0, 6))
    assert [row[:2] for row in told(cast)] == [(START, Light.GREEN), (START + 6 * DAY, Light.GREY)]


def test_what_was_shown_is_never_rewritten(cast):
    item(cast, due=START + 2 * DAY)
    refresh_lights(today=START + 10 * DAY)
    kept = told(cast)
    tell_light_history(days=days(0, 10, 11))
    assert told(cast) == [(START, Light.AMBER, 0, 1), *kept]
    assert ListItem.objects.count() == 1

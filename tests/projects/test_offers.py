"""Which moves a page puts first, and how it says what one still lacks."""

import pytest

from crm.common.face.moves import offers
from projects.states import STAGE_MACHINE, STANDING_MACHINE
from tests.projects.factories import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return Cast()


def _primary(found):
    return [one.name for one in found if one.primary]


def test_the_next_stage_is_the_main_button(cast):
    assert _primary(offers(STAGE_MACHINE, cast.lead, cast.project)) == ["to_negotiating"]


def test_pausing_and_what_else_stops_a_project_is_never_the_main_button(cast):
    found = offers(STANDING_MACHINE, cast.lead, cast.project)
    assert "pause" in [one.name for one in found]
    assert _primary(found) == []


def test_a_stranger_is_offered_nothing(cast):
    assert offers(STANDING_MACHINE, cast.stranger, cast.project) == []


def test_what_a_move_lacks_stands_beside_it_in_words(cast):
    cast.project.standing = "paused"
    found = offers(STAGE_MACHINE, cast.lead, cast.project)
    first = next(one for one in found if one.missing)
    assert first.missing_words
    assert all(str(lack.label) in first.missing_words for lack in first.missing)

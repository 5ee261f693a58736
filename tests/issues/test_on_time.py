"""The rate of issues struck off on time: of the rounds that ended in the month, and no others."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from crm.common.people.enums import Role
from crm.common.slots.figures import get
from issues.models import IssueRound
from tests.crm.factories import AT, staff
from tests.issues.test_past import CUTOFF, City

pytestmark = pytest.mark.django_db


def test_the_rate_is_of_the_rounds_that_ended_in_the_month_struck_off():
    city = City()
    figure = get("issues_on_time")
    ended = figure.rows(CUTOFF)
    assert {row.issue for row in ended} == {city.issues[1], city.issues[2]}
    in_time = sum(row.ended_at.date() <= row.due_on for row in ended)
    assert figure.value(CUTOFF) == Fraction(in_time, 2)
    late = ended.first()
    IssueRound.objects.filter(pk=late.pk).update(
        due_on=late.ended_at.date() - timedelta(days=1),
        answer_due_on=late.ended_at.date() - timedelta(days=1),
        contact_due_on=late.ended_at.date() - timedelta(days=1),
    )
    rest = sum(row.ended_at.date() <= row.due_on for row in figure.rows(CUTOFF))
    assert figure.value(CUTOFF) == Fraction(rest, 2)
    assert figure.shown(Fraction(1, 2)) == Decimal("50.0")
    assert sum(figure.by_area(CUTOFF).values()) > 0 or rest == 0


def test_a_month_without_any_is_unknown_and_the_open_ones_do_not_count():
    City()
    assert get("issues_on_time").value(CUTOFF - timedelta(days=31)) is None


def test_it_opens_to_its_rounds_and_shows_them_by_area(client, settings):
    settings.ANSHANG_TODAY = AT.date()
    city = City()
    client.force_login(staff(Role.LEADER))
    url = reverse("staff:cms:figure_detail", args=["2024-08", "issues_on_time"])
    page = client.get(url).content.decode()
    assert city.issues[1].number in page
    assert city.issues[1].area.name in page
    assert city.issues[3].number not in page

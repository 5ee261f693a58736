"""The list of issues: several are handed out at once, each by its own move."""

import pytest
from django.urls import reverse

from crm.common.people.enums import Role
from tests.crm.factories import DepartmentFactory, staff

pytestmark = pytest.mark.django_db
LIST = "staff:issues:issue_list"


def test_issues_picked_are_assigned_and_a_refused_one_is_named(client, cast):
    fresh, other = cast.log(), cast.log()
    type(other).objects.filter(pk=other.pk).update(status="handling")
    client.force_login(staff(Role.LEADER))
    unit = DepartmentFactory()
    form = {"bulk": "assign", "pick": [fresh.pk, other.pk], "department": unit.pk}
    page = client.post(reverse(LIST), form, follow=True).content.decode()
    fresh.refresh_from_db()
    other.refresh_from_db()
    assert other.status == "handling"
    assert fresh.units == unit.short_name
    assert unit.short_name not in other.units
    assert str(other) in page


def test_without_a_unit_nothing_is_assigned(client, cast):
    fresh = cast.log()
    client.force_login(staff(Role.LEADER))
    client.post(reverse(LIST), {"bulk": "assign", "pick": [fresh.pk]})
    before = fresh.status
    fresh.refresh_from_db()
    assert fresh.status == before


def test_the_units_are_loaded_when_the_action_is_opened(client, cast):
    cast.log()
    client.force_login(staff(Role.LEADER))
    unit = DepartmentFactory(short_name="很远的单位")
    assert unit.short_name not in client.get(reverse(LIST)).content.decode()
    opened = client.get(reverse(LIST), {"fragment": "bulk", "of": "assign"}).content.decode()
    assert unit.short_name in opened
    assert 'name="bulk"' in opened

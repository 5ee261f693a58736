"""Exceptions to the national list: entered and withdrawn by administrators, the past untouched."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from crm.common import services
from crm.common.days.calendar import load_calendar
from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.enums import Role
from crm.common.records.models import AuditEvent
from crm.common.slots.clocks import RunningClocks, register
from tests.common.factories import UserFactory, actor_of
from tests.crm.factories import AT

pytestmark = pytest.mark.django_db
PAGE = "staff:common:calendar_page"
TODAY = date(2024, 9, 12)
MONDAY = date(2024, 9, 23)


@pytest.fixture(autouse=True)
def _in_september(settings):
    settings.ANSHANG_TODAY = TODAY


@pytest.fixture
def admin():
    return UserFactory(roles=[Role.ADMIN])


def add(user, day=MONDAY, kind=DayKind.OFF, reason="抗洪", role=Role.ADMIN):
    return services.add_workday_exception(
        actor=actor_of(user, role), day=day, kind=kind, reason=reason, at=AT
    )


def withdraw(user, row, reason="水退了", at=AT, role=Role.ADMIN):
    return services.withdraw_workday_exception(
        actor=actor_of(user, role), exception=row, reason=reason, at=at
    )


def test_an_exception_counts_and_withdrawn_counts_no_longer_but_stays_on_record(admin):
    row = add(admin)
    assert not load_calendar().is_workday(MONDAY)
    withdraw(admin, row)
    assert load_calendar().is_workday(MONDAY)
    row.refresh_from_db()
    assert (row.withdrawn_why, row.withdrawn_by) == ("水退了", admin)
    add(admin, reason="又涨水")
    assert WorkdayException.objects.filter(day=MONDAY).count() == 2
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["calendar.except", "calendar.withdraw", "calendar.except"]


def test_the_past_is_never_written_anew_and_nonsense_is_told(admin):
    row = add(admin)
    for wrong in (
        {"day": TODAY - timedelta(days=1)},
        {"reason": " "},
        {"day": MONDAY},
        {"day": date(2024, 9, 24), "kind": DayKind.WORK},
        {"day": date(2024, 9, 16), "kind": DayKind.OFF},
    ):
        with pytest.raises(UserFacingError):
            add(admin, **wrong)
    with pytest.raises(UserFacingError):
        withdraw(admin, row, reason="")
    with pytest.raises(UserFacingError):
        withdraw(admin, row, at=AT + timedelta(days=11))
    assert not load_calendar().is_workday(MONDAY)
    withdraw(admin, row)
    with pytest.raises(UserFacingError):
        withdraw(admin, row)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR, Role.AGENT])
def test_nobody_else_keeps_the_calendar(client, admin, role):
    row, stranger = add(admin), UserFactory(roles=[role])
    with pytest.raises(NotAllowedError):
        add(stranger, day=date(2024, 9, 25), role=role)
    with pytest.raises(NotAllowedError):
        withdraw(stranger, row, role=role)
    client.force_login(stranger)
    assert client.get(reverse(PAGE)).status_code == 403


def test_the_page_says_whose_running_limits_lie_behind_the_day(client, admin, kept_registries):
    days = [MONDAY, MONDAY + timedelta(days=3), MONDAY - timedelta(days=1)]
    register(
        RunningClocks("tests", "试验时限", 99, lambda day: [one for one in days if one >= day])
    )
    client.force_login(admin)
    typed = {"day": MONDAY.isoformat(), "kind": "off", "reason": "抗洪"}
    answer = client.post(reverse(PAGE), typed)
    assert answer.url == f"{reverse(PAGE)}?year=2024"
    assert "试验时限 2" in client.get(answer.url).content.decode()
    assert "试验时限" not in client.get(reverse(PAGE), {"year": "2023"}).content.decode()
    again = client.post(reverse(PAGE), typed).content.decode()
    assert "2024-09-23已有例外" in again
    row = WorkdayException.objects.get()
    url = reverse("staff:common:calendar_withdraw", args=[row.pk])
    client.post(url, {"reason": ""})
    assert not load_calendar().is_workday(MONDAY)
    client.post(url, {"reason": "水退了"})
    assert "水退了" in client.get(answer.url).content.decode()


def test_a_year_whose_notice_is_missing_says_so(client, admin, settings):
    settings.ANSHANG_TODAY = date(2031, 5, 6)
    client.force_login(admin)
    assert "2031 年的放假通知还没有收录" in client.get(reverse(PAGE)).content.decode()
    assert "还没有收录" not in client.get(reverse(PAGE), {"year": "2024"}).content.decode()

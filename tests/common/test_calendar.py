"""Working days: national lists, local exceptions, pauses, provisional years."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from crm.common.days.calendar import (
    Pause,
    WorkCalendar,
    calendar_held,
    load_calendar,
    set_exception,
)
from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException
from crm.common.middleware import ActorMiddleware

CALENDAR = WorkCalendar()
DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 60)

OFF = {
    2024: "01-01 02-10 02-17 04-04 04-06 05-01 05-05 06-10 09-15 09-17 10-01 10-07",
    2025: "01-01 01-28 02-04 04-04 05-05 05-31 06-02 10-01 10-08",
    2026: "01-01 01-03 02-15 02-23 04-06 05-05 06-19 09-25 10-07",
}
MADE_UP = {
    2024: "02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12",
    2025: "01-26 02-08 04-27 09-28 10-11",
    2026: "01-04 02-14 02-28 05-09 09-20 10-10",
}


def days(table):
    return [
        date.fromisoformat(f"{year}-{part}")
        for year, parts in table.items()
        for part in parts.split()
    ]


@pytest.mark.parametrize("day", days(OFF))
def test_published_days_off_are_off(day):
    assert not CALENDAR.is_workday(day)


@pytest.mark.parametrize("day", days(MADE_UP))
def test_published_working_weekends_are_worked(day):
    assert day.weekday() >= 5
    assert CALENDAR.is_workday(day)


def test_the_day_of_receipt_does_not_count():
    assert CALENDAR.add_workdays(date(2024, 9, 9), 3) == date(2024, 9, 12)


def test_three_days_from_a_thursday_cross_a_working_saturday_and_mid_autumn():
    # 14 September is worked, 15 to 17 are off.
    assert CALENDAR.add_workdays(date(2024, 9, 12), 3) == date(2024, 9, 18)


def test_a_local_exception_beats_the_national_list():
    closed = WorkCalendar(((date(2024, 9, 13), False),))
    assert not closed.is_workday(date(2024, 9, 13))
    assert closed.add_workdays(date(2024, 9, 12), 1) == date(2024, 9, 14)


@pytest.mark.django_db
def test_local_exceptions_come_from_the_database():
    WorkdayException.objects.create(day=date(2024, 9, 16), kind=DayKind.WORK, reason="抗洪值守")
    assert load_calendar().is_workday(date(2024, 9, 16))


@pytest.mark.django_db
def test_held_the_calendar_is_read_once_and_anew_after_a_change(django_assert_num_queries):
    with calendar_held(), django_assert_num_queries(1):
        for _ in range(15):
            load_calendar()
        with calendar_held():
            load_calendar()
    with calendar_held():
        assert not load_calendar().is_workday(date(2024, 9, 16))
        set_exception(day=date(2024, 9, 16), kind=DayKind.WORK, reason="抗洪值守")
        assert load_calendar().is_workday(date(2024, 9, 16))
    with django_assert_num_queries(2):
        load_calendar()
        load_calendar()


@pytest.mark.django_db
def test_a_request_reads_the_calendar_once(rf, django_assert_num_queries):
    def view(request):
        for _ in range(15):
            load_calendar()
        return HttpResponse()

    with django_assert_num_queries(1):
        ActorMiddleware(view)(rf.get("/"))


def test_a_year_without_a_notice_is_provisional_and_a_published_one_is_not():
    assert CALENDAR.is_provisional(2029)
    assert not CALENDAR.is_provisional(2024)


def test_an_open_pause_has_no_due_date():
    with pytest.raises(ValueError, match="stopped"):
        CALENDAR.add_workdays(date(2024, 9, 2), 5, [Pause(date(2024, 9, 4))])


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_workdays(date(2024, 9, 2), -1)


@given(DAYS, COUNTS)
def test_counting_back_what_was_added_gives_the_count(start, count):
    assert CALENDAR.workdays_between(start, CALENDAR.add_workdays(start, count)) == count


@given(DAYS, COUNTS)
def test_a_limit_ends_on_a_working_day(start, count):
    assert count == 0 or CALENDAR.is_workday(CALENDAR.add_workdays(start, count))


@given(DAYS, st.integers(1, 40), st.integers(0, 30), st.integers(0, 20))
def test_a_pause_moves_the_end_by_exactly_its_working_days(start, count, offset, length):
    pause = Pause(start + timedelta(days=offset), start + timedelta(days=offset + length))
    paused_end = CALENDAR.add_workdays(start, count, [pause])
    assert CALENDAR.workdays_between(start, paused_end, [pause]) == count
    assert paused_end >= CALENDAR.add_workdays(start, count)
    assert not pause.covers(paused_end)


@given(DAYS, DAYS)
def test_days_overdue_are_the_days_left_with_the_other_sign(a, b):
    assert CALENDAR.workdays_between(a, b) == -CALENDAR.workdays_between(b, a)

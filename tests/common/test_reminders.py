"""Reminders: steps in working days, each once for each record and due day."""

from datetime import date, datetime, time

import pytest

from crm.common.days import reminders
from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import SHANGHAI
from crm.common.days.reminders import Due, ReminderKind, step_of
from crm.common.outbox import messages
from crm.common.outbox.models import Message, Recipient
from crm.common.outbox.reminding import send_reminders
from crm.common.tasks import send_reminders as task
from tests.common.factories import UserFactory

CALENDAR = WorkCalendar()
STEPS = (5, 1, 0, -1)
DUE = date(2024, 9, 12)


@pytest.mark.parametrize(
    ("today", "step"),
    [
        ("2024-09-04", None),
        ("2024-09-05", 5),
        ("2024-09-10", 5),
        ("2024-09-11", 1),
        ("2024-09-12", 0),
        ("2024-09-13", -1),
        ("2024-09-20", -1),
    ],
)
def test_the_step_reached_is_counted_in_working_days(today, step):
    assert step_of(DUE, date.fromisoformat(today), STEPS, CALENDAR) == step


@pytest.fixture
def fake(kept_registries):
    reminders._kinds.clear()
    rows = []
    messages.register(
        messages.MessageKind(key="tests.due", label="到期", subject="%(left)s", body="%(due)s")
    )
    reminders.register(ReminderKind("tests.fake", "tests.due", lambda today: rows, STEPS))
    return rows


def on(day):
    at = datetime.combine(date.fromisoformat(day), time(8), SHANGHAI)
    return send_reminders(at=at, calendar=CALENDAR)


@pytest.mark.django_db
def test_each_step_is_sent_once(fake):
    person, about = UserFactory(), UserFactory()
    fake.append(Due(about, DUE, lambda: (person,)))
    sent = [on(f"2024-09-{day}") for day in ("04", "05", "05", "06", "11", "12", "12", "13", "20")]
    assert sent == [0, 1, 0, 0, 1, 1, 0, 1, 0]
    assert list(Message.objects.order_by("id").values_list("subject", flat=True)) == [
        "5",
        "1",
        "0",
        "-1",
    ]
    assert {row.user for row in Recipient.objects.all()} == {person}


@pytest.mark.django_db
def test_a_due_day_that_moves_begins_anew(fake):
    person, about = UserFactory(), UserFactory()
    fake.append(Due(about, DUE, lambda: (person,)))
    assert on("2024-09-12") == 1
    fake[:] = [Due(about, date(2024, 9, 20), lambda: (person,))]
    assert on("2024-09-19") == 1


@pytest.mark.django_db
def test_nobody_to_remind_keeps_the_step(fake):
    about = UserFactory()
    fake.append(Due(about, DUE, lambda: ()))
    assert on("2024-09-12") == 0
    fake[:] = [Due(about, DUE, lambda: (about,))]
    assert on("2024-09-12") == 1


@pytest.mark.django_db
def test_a_kind_that_breaks_does_not_stop_the_others(fake):
    def broken(today):
        raise OSError("away")

    kinds = reminders._kinds
    reminders._kinds = {"tests.broken": ReminderKind("tests.broken", "tests.due", broken), **kinds}
    try:
        fake.append(Due(UserFactory(), DUE, lambda: (UserFactory(),)))
        assert on("2024-09-12") == 1
    finally:
        reminders._kinds = kinds


@pytest.mark.django_db
def test_the_daily_task_sends_them(fake, settings):
    settings.ANSHANG_TODAY = DUE
    fake.append(Due(UserFactory(), DUE, lambda: (UserFactory(),)))
    assert task() == 1
    assert task() == 0


@pytest.mark.django_db
def test_a_day_off_sends_nothing_and_loses_nothing(fake):
    fake.append(Due(UserFactory(), date(2024, 9, 9), lambda: (UserFactory(),)))
    assert [on(f"2024-09-0{day}") for day in (6, 7, 8, 9)] == [1, 0, 0, 1]
    assert list(Message.objects.order_by("id").values_list("subject", flat=True)) == ["1", "0"]


@pytest.mark.django_db
def test_people_are_asked_for_only_when_something_is_sent(fake, django_assert_num_queries):
    asked = []
    person = UserFactory()
    fake.extend(Due(UserFactory(), DUE, lambda: asked.append(1) or (person,)) for _n in range(5))
    assert on("2024-09-12") == 5
    with django_assert_num_queries(1):
        assert on("2024-09-12") == 0
    assert len(asked) == 5


@pytest.mark.django_db
def test_the_words_speak_the_language_of_the_reader(fake):
    messages.register(
        messages.MessageKind(key="tests.due", label="到期", subject="%(when)s", body="%(due)s")
    )
    people = (UserFactory(language="zh-hans"), UserFactory(language="en"))
    fake.append(Due(UserFactory(), DUE, lambda: people))
    on("2024-09-11")
    told = {row.user: row.message.subject for row in Recipient.objects.all()}
    assert told == {people[0]: "剩 1 个工作日", people[1]: "1 working day left"}

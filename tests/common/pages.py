"""Pages of the ground floor whose queries are counted."""

from datetime import date, timedelta

from django.urls import reverse

from crm.common.days import clock
from crm.common.days.clock import machine_now
from crm.common.days.enums import DayKind
from crm.common.days.models import WorkdayException
from crm.common.outbox import addresses
from crm.common.outbox.enums import Channel, WorkState
from crm.common.outbox.models import Delivery, DomainEvent, EventReceipt, Job
from crm.common.people.enums import Role
from crm.services import load_reference
from profiles.services import load_indicators
from projects.models import ApprovalMatter
from tests.common.factories import UserFactory, message_to
from tests.pages import page
from tests.projects.factories import matter


def _messages(user, rows):
    for _ in range(rows):
        message_to(user)


def _with_addresses(rows):
    user = UserFactory(roles=[Role.LEADER])
    for number in range(rows):
        user.contact_points.create(
            channel=Channel.MAIL,
            address=f"wang{number}@example.test",
            verified_at=machine_now() if number % 2 else None,
        )
    return user


@page("common.inbox_list")
def inbox_list(rows):
    user = UserFactory(roles=[Role.LEADER])
    _messages(user, rows)
    return user, reverse("inbox_list")


@page("common.my_page")
def my_page(rows):
    user = UserFactory(roles=[Role.AGENT])
    _messages(user, rows)
    return user, reverse("my_page")


@page("common.preferences_edit")
def preferences_edit(rows):
    return _with_addresses(rows), reverse("preferences_edit")


@page("common.address_confirm")
def address_confirm(rows):
    user = _with_addresses(rows)
    token = addresses.token_of(user.contact_points.filter(verified_at=None).first())
    return user, reverse("address_confirm", args=[token])


@page("common.styleguide")
def styleguide(rows):
    user = UserFactory(roles=[Role.LEADER])
    _messages(user, rows)
    return user, reverse("staff:common:styleguide")


@page("common.condition")
def condition(rows):
    now = machine_now()
    ended = {"state": WorkState.DEAD, "ended_at": now, "attempts": 6}
    for number in range(rows):
        event = DomainEvent.objects.create(name="planted", payload={}, created_at=now)
        EventReceipt.objects.create(event=event, subscriber="x", **ended)
        Job.objects.create(key="planted", created_at=now, started_by=UserFactory(), **ended)
        Delivery.objects.create(
            recipient=message_to(UserFactory()),
            channel=Channel.MAIL,
            address=f"{number}@example.test",
            **ended,
        )
    return UserFactory(roles=[Role.ADMIN]), reverse("staff:common:condition")


@page("common.job_progress")
def job_progress(_rows):
    user = UserFactory(roles=[Role.HANDLER])
    job = Job.objects.create(key="planted", created_at=machine_now(), started_by=user)
    return user, reverse("job_progress", args=[job.pk])


def _of_nobody(name):
    return lambda _rows: (None, reverse(name))


def _of_somebody(name):
    return lambda _rows: (UserFactory(roles=[Role.AGENT]), reverse(name))


for _name in (
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_signup",
):
    page(f"common.{_name}")(_of_nobody(_name))

for _name in (
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "usersessions_list",
):
    page(f"common.{_name}")(_of_somebody(_name))


@page("common.calendar_page")
def calendar_page(rows):
    first = clock.today().replace(month=12, day=1)
    held = WorkdayException.objects.count()
    for number in range(held, held + rows):
        WorkdayException.objects.create(
            day=first + timedelta(days=number), kind=DayKind.OFF, reason="抗洪"
        )
    return UserFactory(roles=[Role.ADMIN]), reverse("staff:common:calendar_page")


@page("common.catalogue_list")
def catalogue_list(_rows):
    load_reference()
    load_indicators()
    return UserFactory(roles=[Role.ADMIN]), reverse("staff:common:catalogue_list")


@page("common.catalogue_one")
def catalogue_one(rows):
    held = ApprovalMatter.objects.count()
    for number in range(held, held + rows):
        matter(f"M{number}")
    return UserFactory(roles=[Role.ADMIN]), reverse("staff:common:catalogue_one", args=["matters"])


@page("common.catalogue_entry")
def catalogue_entry(rows):
    code = f"E{ApprovalMatter.objects.count()}"
    for number in range(rows):
        entry = matter(code, since=date(2021 + number, 1, 1))
    address = reverse("staff:common:catalogue_entry", args=["matters", entry.pk])
    return UserFactory(roles=[Role.ADMIN]), address

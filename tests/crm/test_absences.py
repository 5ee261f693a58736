"""Absences: dated, with a deputy who hears and sees what is the absent's; over by themselves."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from crm import services
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import messages
from crm.common.outbox.models import Recipient
from crm.common.people.enums import Role
from crm.common.people.models import Absence, User
from crm.common.records.models import AuditEvent
from crm.models import Enterprise
from crm.services import AbsenceInput
from projects.models import Project, TeamMember, TeamSlot
from projects.permissions import can_drive
from tests.crm.factories import AT, AreaFactory, DepartmentFactory, EnterpriseFactory, acting, staff
from tests.issues.factories import ProjectFactory

pytestmark = pytest.mark.django_db
TODAY = AT.date()
DAY = timedelta(days=1)
TOLD, PRIVATE = "tests.told", "tests.private"


@pytest.fixture(autouse=True)
def _in_september(settings, kept_registries):
    settings.ANSHANG_TODAY = TODAY
    for key in (TOLD, PRIVATE):
        messages.register(
            messages.MessageKind(key, key, "%(what)s", "%(what)s", personal=key == PRIVATE)
        )


class Cast:
    """An agent who goes on leave, a colleague, a stranger, an administrator."""

    def __init__(self):
        unit = DepartmentFactory(name="安商办")
        self.area = AreaFactory()
        self.away = staff(Role.AGENT, department=unit, areas=[self.area])
        self.deputy = staff(Role.AGENT, department=unit)
        self.stranger = staff(Role.AGENT)
        self.admin = staff(Role.ADMIN)

    def enter(self, *, user=None, deputy=None, since=TODAY, until=TODAY + 3 * DAY, reason="休假"):
        return services.enter_absence(
            actor=acting(self.admin),
            user=user or self.away,
            data=AbsenceInput(deputy or self.deputy, since, until, reason),
            at=AT,
        )


@pytest.fixture
def cast():
    return Cast()


def tell(*people, kind=TOLD, key="1", at=AT):
    with transaction.atomic():
        messages.queue(kind, recipients=people, context={"what": "通电"}, at=at, dedupe_key=key)


def told():
    return sorted(Recipient.objects.values_list("user_id", flat=True))


def test_the_deputy_is_told_for_whom_and_nobody_twice(cast):
    cast.enter()
    tell(cast.away)
    tell(cast.away)
    assert told() == sorted([cast.away.pk, cast.deputy.pk])
    body = Recipient.objects.get(user=cast.deputy).message.body
    assert str(cast.away) in body
    assert str(cast.away) not in Recipient.objects.get(user=cast.away).message.body
    tell(cast.away, cast.deputy, key="2")
    assert Recipient.objects.filter(user=cast.deputy).count() == 2


def test_what_is_personal_and_what_comes_before_or_after_stays_with_the_person(cast):
    cast.enter(since=TODAY, until=TODAY + DAY)
    tell(cast.away, kind=PRIVATE)
    tell(cast.away, key="before", at=AT - DAY)
    tell(cast.away, key="after", at=AT + 2 * DAY)
    tell(cast.stranger, key="other")
    assert cast.deputy.pk not in told()


def test_the_deputy_sees_and_does_what_is_the_absents_until_the_last_day(cast, settings):
    enterprise = EnterpriseFactory(area=cast.area)
    slot = TeamSlot.objects.create(code="agent", name="代办员", holder="person", order=1)
    project = ProjectFactory()
    TeamMember.objects.create(project=project, slot=slot, user=cast.away, since=TODAY)
    cares = lambda user: Enterprise.objects.in_care_of(acting(user)).contains(enterprise)  # noqa: E731
    drives = lambda user: can_drive(acting(user), Project.objects.get(pk=project.pk))  # noqa: E731
    assert (cares(cast.deputy), drives(cast.deputy)) == (False, False)
    cast.enter(until=TODAY + DAY)
    assert (cares(cast.deputy), drives(cast.deputy)) == (True, True)
    assert (cares(cast.stranger), drives(cast.stranger)) == (False, False)
    assert acting(cast.deputy).department_id == cast.deputy.staff_profile.department_id
    settings.ANSHANG_TODAY = TODAY + 2 * DAY
    assert (cares(cast.deputy), drives(cast.deputy)) == (False, False)


def test_an_absence_is_ended_early_once_and_only_by_an_administrator(cast):
    row = cast.enter()
    with pytest.raises(NotAllowedError):
        services.end_absence(actor=acting(cast.away), absence=row, at=AT)
    services.end_absence(actor=acting(cast.admin), absence=row, at=AT)
    assert acting(cast.deputy).person_ids == {cast.deputy.pk}
    with pytest.raises(UserFacingError):
        services.end_absence(actor=acting(cast.admin), absence=row, at=AT)
    assert AuditEvent.objects.filter(verb="user.absence_end").count() == 1


def test_what_could_not_work_is_refused_in_words(cast):
    handler = staff(Role.HANDLER, department=cast.away.staff_profile.department)
    closed = staff(Role.AGENT, department=handler.staff_profile.department, is_active=False)
    for wrong in (
        {"until": TODAY - DAY, "since": TODAY - 2 * DAY},
        {"since": TODAY + DAY, "until": TODAY},
        {"reason": " "},
        {"deputy": cast.away},
        {"deputy": closed},
        {"deputy": handler},
        {"deputy": cast.stranger},
    ):
        with pytest.raises(UserFacingError):
            cast.enter(**wrong)
    cast.enter()
    third = staff(Role.AGENT, department=cast.away.staff_profile.department)
    for wrong in (
        {"since": TODAY + 3 * DAY, "until": TODAY + 5 * DAY},
        {"user": cast.deputy, "deputy": third},
        {"user": third, "deputy": cast.away},
    ):
        with pytest.raises(UserFacingError):
            cast.enter(**wrong)
    with pytest.raises(NotAllowedError):
        services.enter_absence(
            actor=acting(cast.away),
            user=third,
            data=AbsenceInput(cast.deputy, TODAY, TODAY, "休假"),
            at=AT,
        )
    assert Absence.objects.count() == 1


def test_the_page_enters_and_ends_it_and_the_list_says_who_stands_in(client, cast):
    client.force_login(cast.admin)
    typed = {
        "since": TODAY.isoformat(),
        "until": (TODAY + DAY).isoformat(),
        "reason": "出差",
        "deputy": cast.deputy.pk,
    }
    enter = reverse("staff:crm:account_absence", args=[cast.away.pk])
    assert client.post(enter, typed | {"deputy": cast.stranger.pk}).status_code == 400
    assert client.post(enter, typed).status_code == 302
    page = client.get(reverse("staff:crm:account_list"), {"state": "away"}).content.decode()
    assert "出差至 9月13日" in page
    assert f"代理人 {cast.deputy}" in page
    row = Absence.objects.get()
    end = reverse("staff:crm:account_absence_end", args=[cast.away.pk])
    for chosen in ("", "²", row.pk):
        assert client.post(end, {"absence": chosen}).status_code == 302
    page = client.get(reverse("staff:crm:account_list"), {"state": "away"}).content.decode()
    assert "出差" not in page


def test_whoever_stands_in_and_leaves_hands_that_over_too(cast):
    row = cast.enter()
    third = staff(Role.AGENT, department=cast.away.staff_profile.department)
    close = lambda **taking: services.close_account(  # noqa: E731
        actor=acting(cast.admin), user=cast.deputy, reason="调离", at=AT, taking=taking
    )
    with pytest.raises(UserFacingError):
        close()
    for wrong in (cast.away, cast.stranger):
        with pytest.raises(UserFacingError):
            close(absences=wrong)
    assert User.objects.get(pk=cast.deputy.pk).is_active
    assert close(absences=third) == {"absences": 1}
    row.refresh_from_db()
    assert row.deputy == third


def test_areas_that_nobody_else_serves_go_to_somebody_who_can_serve_them(cast):
    handler = staff(Role.HANDLER)
    close = lambda **taking: services.close_account(  # noqa: E731
        actor=acting(cast.admin), user=cast.away, reason="调离", at=AT, taking=taking
    )
    with pytest.raises(UserFacingError):
        close()
    with pytest.raises(UserFacingError):
        close(areas=handler)
    assert close(areas=cast.deputy) == {"areas": 1}
    assert cast.area.pk in acting(User.objects.get(pk=cast.deputy.pk)).area_ids

"""Pages of the publishing room whose queries are counted."""

from datetime import date, datetime

from django.urls import reverse

from crm.common.days.clock import SHANGHAI
from crm.common.people.enums import Role
from issues.models import Issue
from issues.services import TargetSpec, open_sweep
from projects.enums import Light
from tests.common.factories import message_to
from tests.crm.factories import EnterpriseFactory, member_of, somebody_elsewhere, staff
from tests.issues.factories import Cast, ProjectFactory
from tests.pages import page

IN_AUGUST = datetime(2024, 8, 20, 9, tzinfo=SHANGHAI)


@page("cms.today", outside=somebody_elsewhere)
def today(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log(department=cast.power)
    return cast.handler, reverse("staff:cms:today")


@page("cms.today_of_an_agent")
def today_of_an_agent(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log()
        cast.log(department=cast.power)
    Issue.objects.update(due_on=IN_AUGUST.date())
    sweep = open_sweep(
        actor=cast.acts("lead"),
        at=IN_AUGUST,
        title="大排查",
        starts_on=IN_AUGUST.date(),
        ends_on=date(2099, 1, 1),
        targets=[TargetSpec(cast.enterprise, cast.agent, IN_AUGUST.date())],
    )
    assert sweep.is_open
    return cast.agent, reverse("staff:cms:today")


@page("cms.today_of_a_leader")
def today_of_a_leader(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log(department=cast.power)
    Issue.objects.update(due_on=IN_AUGUST.date())
    ProjectFactory.create_batch(rows, created_at=IN_AUGUST, light=Light.RED, late=1)
    return cast.leader, reverse("staff:cms:today")


@page("cms.today_of_a_policy_editor")
def today_of_a_policy_editor(rows):
    return staff(Role.POLICY_EDITOR), reverse("staff:cms:today")


@page("cms.today_of_finance")
def today_of_finance(rows):
    ProjectFactory.create_batch(rows, created_at=IN_AUGUST)
    return staff(Role.FINANCE), reverse("staff:cms:today")


@page("cms.today_of_an_auditor")
def today_of_an_auditor(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log(department=cast.power)
    Issue.objects.update(due_on=IN_AUGUST.date())
    return staff(Role.AUDITOR), reverse("staff:cms:today")


@page("cms.search", outside=somebody_elsewhere)
def search(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log(department=cast.power, verbatim="临时用电没通")
    return cast.leader, reverse("staff:cms:search") + "?q=临时用电"


@page("cms.bulletin_list")
def bulletin_list(rows):
    return staff(Role.LEADER), reverse("staff:cms:bulletin_list")


@page("cms.bulletin_detail")
def bulletin_detail(rows):
    ProjectFactory.create_batch(rows, created_at=IN_AUGUST)
    return staff(Role.LEADER), reverse("staff:cms:bulletin_detail", args=["2024-08"])


@page("cms.figure_detail")
def figure_detail(rows):
    ProjectFactory.create_batch(rows, created_at=IN_AUGUST)
    return staff(Role.LEADER), reverse("staff:cms:figure_detail", args=["2024-08", "projects"])


@page("cms.portal_home")
def portal_home(rows):
    user = member_of(EnterpriseFactory())
    for _ in range(rows):
        message_to(user, "政策找到了你", IN_AUGUST)
    return user, reverse("portal:cms:home")


@page("cms.front_page")
def front_page(rows):
    return None, reverse("front_page")

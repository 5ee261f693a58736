"""Pages of the publishing room whose queries are counted."""

from datetime import datetime
from itertools import count

from django.urls import reverse

from crm.common.days.clock import SHANGHAI
from crm.common.outbox.models import Notification
from crm.common.people.enums import Role
from tests.crm.factories import EnterpriseFactory, member_of, staff
from tests.issues.factories import Cast, ProjectFactory
from tests.pages import page

IN_AUGUST = datetime(2024, 8, 20, 9, tzinfo=SHANGHAI)
_numbers = count()


@page("cms.today")
def today(rows):
    cast = Cast()
    for _ in range(rows):
        cast.log(department=cast.power)
    return cast.handler, reverse("staff:cms:today")


@page("cms.search")
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
        Notification.objects.create(
            kind="planted",
            recipient=user,
            subject="政策找到了你",
            body="内容",
            created_at=IN_AUGUST,
            dedupe_key=f"home-{next(_numbers)}",
        )
    return user, reverse("portal:cms:home")


@page("cms.front_page")
def front_page(rows):
    return None, reverse("front_page")

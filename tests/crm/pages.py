"""The pages of the enterprise room whose queries are counted."""

from datetime import timedelta

from django.urls import reverse

from crm import services
from crm.common.people.enums import Role
from crm.common.people.models import Absence
from tests.crm.factories import (
    AT,
    AreaFactory,
    ContactFactory,
    EnterpriseFactory,
    acting,
    somebody_elsewhere,
    staff,
)
from tests.issues.factories import picture
from tests.pages import page


@page("crm.enterprise_list", outside=somebody_elsewhere)
def enterprise_list(rows):
    area = AreaFactory()
    for _number in range(rows):
        EnterpriseFactory(area=area)
    return staff(Role.LEAD, areas=[area]), reverse("staff:crm:enterprise_list")


@page("crm.enterprise_detail", outside=somebody_elsewhere)
def enterprise_detail(rows):
    area = AreaFactory()
    enterprise = EnterpriseFactory(area=area)
    lead = staff(Role.LEAD, areas=[area])
    for number in range(rows):
        ContactFactory(enterprise=enterprise)
        services.record_visit(
            actor=acting(lead),
            enterprise=enterprise,
            visited_at=AT - timedelta(days=number),
            learnt="订单排到年底。",
            answers=[("用工够吗？", "缺 20 人。")],
            photos=[picture()],
            at=AT,
        )
        services.merge_enterprises(
            actor=acting(lead),
            enterprise=enterprise,
            duplicate=EnterpriseFactory(area=area),
            reason="同一营业执照",
            at=AT,
        )
    return lead, reverse("staff:crm:enterprise_detail", args=[enterprise.pk])


def _form(name):
    def build(rows):
        area = AreaFactory()
        enterprise = EnterpriseFactory(area=area)
        args = [] if name == "enterprise_create" else [enterprise.pk]
        return staff(Role.LEAD, areas=[area]), reverse(f"staff:crm:{name}", args=args)

    return build


for _name in (
    "enterprise_create",
    "enterprise_edit",
    "enterprise_rename",
    "enterprise_merge",
    "visit_create",
    "contact_create",
):
    page(f"crm.{_name}")(_form(_name))


@page("crm.account_list")
def account_list(rows):
    for _number in range(rows):
        staff(Role.AGENT, areas=[AreaFactory()])
    return staff(Role.ADMIN), reverse("staff:crm:account_list")


@page("crm.account_create")
def account_create(_rows):
    return staff(Role.ADMIN), reverse("staff:crm:account_create")


@page("crm.staff_import")
def staff_import(_rows):
    return staff(Role.ADMIN), reverse("staff:crm:staff_import")


@page("crm.account_detail")
def account_detail(rows):
    user = staff(Role.AGENT, areas=[AreaFactory()])
    for number in range(rows):
        Absence.objects.create(
            user=user,
            deputy=staff(Role.AGENT),
            since=AT.date() + timedelta(days=number),
            until=AT.date() + timedelta(days=number),
            reason="休假",
            entered_at=AT,
        )
    return staff(Role.ADMIN), reverse("staff:crm:account_detail", args=[user.pk])


@page("crm.account_leave")
def account_leave(_rows):
    user = staff(Role.AGENT)
    return staff(Role.ADMIN), reverse("staff:crm:account_leave", args=[user.pk])


@page("crm.contact_edit")
def contact_edit(_rows):
    area = AreaFactory()
    contact = ContactFactory(enterprise=EnterpriseFactory(area=area))
    return staff(Role.LEAD, areas=[area]), reverse("staff:crm:contact_edit", args=[contact.pk])

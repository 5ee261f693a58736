"""The cast of the enterprise room."""

from datetime import datetime

import factory

from crm.common.days.clock import SHANGHAI
from crm.common.people.actor import system_actor
from crm.common.people.enums import Role
from crm.common.people.identity import actor_for
from crm.common.records.searching import search_columns
from crm.enums import AreaKind, MembershipRole
from crm.models import Area, Contact, Department, Enterprise, Industry, Membership, StaffProfile
from crm.rules import complete_uscc
from crm.services.register import enter_new
from tests.common.factories import UserFactory

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)


class DepartmentFactory(factory.django.DjangoModelFactory):
    """A bureau."""

    class Meta:
        model = Department

    code = factory.Sequence(lambda n: f"dep{n}")
    name = factory.Sequence(lambda n: f"第{n}局")
    short_name = factory.LazyAttribute(lambda d: d.name)
    path = factory.LazyAttribute(lambda d: f"{d.parent.path if d.parent else ''}{d.code}/")
    parent = None


class AreaFactory(factory.django.DjangoModelFactory):
    """A township."""

    class Meta:
        model = Area

    code = factory.Sequence(lambda n: f"A{n:05d}")
    name = factory.Sequence(lambda n: f"第{n}镇")
    kind = AreaKind.TOWN
    path = factory.LazyAttribute(lambda a: f"{a.parent.path if a.parent else ''}{a.code}/")
    parent = None


class IndustryFactory(factory.django.DjangoModelFactory):
    """An industry class."""

    class Meta:
        model = Industry
        django_get_or_create = ("code",)

    code = "1819"
    name = "其他机织服装制造"
    section = "C"
    path = factory.LazyAttribute(lambda i: f"{i.code}/")


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """An enterprise with a valid code."""

    class Meta:
        model = Enterprise
        skip_postgeneration_save = True

    class Params:
        number = factory.Sequence(lambda n: n)

    uscc = factory.LazyAttribute(lambda e: complete_uscc("91429006", f"MA{e.number:06d}"))
    name = factory.Sequence(lambda n: f"天门江汉{n}号泵业有限公司")
    area = factory.SubFactory(AreaFactory)
    industry = factory.SubFactory(IndustryFactory)
    created_at = AT
    updated_at = AT

    @factory.lazy_attribute
    def search_text(self):
        return search_columns(self.name, self.uscc)["search_text"]

    @factory.lazy_attribute
    def pinyin(self):
        return search_columns(self.name)["pinyin"]

    @factory.lazy_attribute
    def initials(self):
        return search_columns(self.name)["initials"]

    @factory.post_generation
    def entered(self, create, _extracted, **_more):
        if create:
            enter_new(actor=system_actor("tests"), enterprises=[self], at=self.created_at)


class ContactFactory(factory.django.DjangoModelFactory):
    """A person to call."""

    class Meta:
        model = Contact

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = "胡立"
    phone = "13900008217"
    created_at = AT
    updated_at = AT


def staff(role, *, department=None, areas=(), **fields):
    """Return a signed-in-able member of staff with one role."""
    user = UserFactory(roles=[role], **fields)
    profile = StaffProfile.objects.create(
        user=user, department=department or DepartmentFactory(), title="科员"
    )
    profile.areas.set(areas)
    return user


def somebody_elsewhere():
    """Return an agent of an area where nothing happens."""
    return staff(Role.AGENT, areas=[AreaFactory()])


def member_of(enterprise, **fields):
    """Return a user who acts for an enterprise."""
    user = UserFactory(roles=[Role.ENTERPRISE], **fields)
    Membership.objects.create(
        enterprise=enterprise, user=user, role=MembershipRole.MANAGER, since=AT.date()
    )
    return user


def acting(user):
    """Return the actor of a user."""
    return actor_for(user)

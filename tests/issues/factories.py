"""The cast of the issues room."""

from datetime import date, datetime
from io import BytesIO

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from crm.common.days.clock import SHANGHAI
from crm.common.people.enums import Role
from crm.common.records.dated import add_version
from issues import services
from issues.enums import Severity
from issues.models import IssueCategory, LimitProfile, LimitRule, LimitVersion
from projects.models import Project
from tests.crm.factories import (
    AreaFactory,
    DepartmentFactory,
    EnterpriseFactory,
    acting,
    member_of,
    staff,
)

AT = datetime(2024, 9, 12, 9, 30, tzinfo=SHANGHAI)


class CategoryFactory(factory.django.DjangoModelFactory):
    """A category with its department."""

    class Meta:
        model = IssueCategory

    code = factory.Sequence(lambda n: f"category{n}")
    name = factory.Sequence(lambda n: f"类别{n}")
    department = factory.SubFactory(DepartmentFactory)


class ProjectFactory(factory.django.DjangoModelFactory):
    """A project of an enterprise."""

    class Meta:
        model = Project

    code = factory.Sequence(lambda n: f"XM-{n:04d}")
    name = factory.Sequence(lambda n: f"{n}号生产线项目")
    enterprise = factory.SubFactory(EnterpriseFactory)
    area = factory.LazyAttribute(lambda p: p.enterprise.area)
    investor = factory.LazyAttribute(lambda p: p.enterprise.name)
    stage_since = AT
    created_at = AT
    updated_at = AT


def limits(since=date(2021, 1, 1)):
    """Put the general limits in force from a day; the ones before end there."""
    profile, _new = LimitProfile.objects.get_or_create(code="standard", defaults={"name": "时限"})
    version = LimitVersion.objects.filter(profile=profile, effective_from=since).first()
    version = version or add_version(
        LimitVersion, of="profile", entry=profile, effective_from=since
    )
    for severity, days in {
        Severity.NORMAL: (1, 7, 10),
        Severity.DELAYING: (1, 3, 5),
        Severity.STOPPED: (1, 2, 3),
    }.items():
        contact, answer, solve = days
        LimitRule.objects.get_or_create(
            version=version,
            category=None,
            severity=severity,
            defaults={"contact_days": contact, "answer_days": answer, "solve_days": solve},
        )
    return version


def picture(name="现场.jpg", colour="grey"):
    """Return an upload that is a real photo."""
    stream = BytesIO()
    Image.new("RGB", (32, 24), colour).save(stream, "JPEG")
    return SimpleUploadedFile(name, stream.getvalue(), content_type="image/jpeg")


class Cast:
    """An enterprise with an issue, all who have a part in it, and strangers."""

    def __init__(self):
        limits()
        self.area = AreaFactory()
        self.enterprise = EnterpriseFactory(area=self.area)
        self.project = ProjectFactory(enterprise=self.enterprise)
        self.power = DepartmentFactory()
        self.park = DepartmentFactory()
        self.office = DepartmentFactory()
        self.category = CategoryFactory(department=self.power)
        self.agent = staff(Role.AGENT, department=self.office, areas=[self.area])
        self.lead = staff(Role.LEAD, department=self.office, areas=[self.area])
        self.handler = staff(Role.HANDLER, department=self.power)
        self.helper = staff(Role.HANDLER, department=self.park)
        self.member = member_of(self.enterprise)
        self.leader = staff(Role.LEADER)
        self.stranger = staff(Role.AGENT, areas=[AreaFactory()])
        self.strange_handler = staff(Role.HANDLER)
        self.strange_member = member_of(EnterpriseFactory())

    def acts(self, name):
        """Return the actor of a person of the cast."""
        return acting(getattr(self, name))

    def log(self, **fields):
        """Log an issue as the agent."""
        given = {
            "actor": self.acts("agent"),
            "at": AT,
            "enterprise": self.enterprise,
            "project": self.project,
            "category": self.category,
            "verbatim": "临时用电没通，桩机停了三天。",
        }
        return services.log_issue(**{**given, **fields})

    def answered(self, at=AT):
        """Return an issue that has been answered with evidence."""
        issue = self.log(department=self.power, at=at)
        services.sign_for(actor=self.acts("handler"), at=at, issue=issue)
        services.answer_issue(
            actor=self.acts("handler"), at=at, issue=issue, text="已送电", evidence=[picture()]
        )
        return issue

    def closed(self):
        """Return an issue that has been struck off."""
        issue = self.answered()
        services.confirm_by_enterprise(
            actor=self.acts("member"), at=AT, issue=issue, outcome="solved"
        )
        services.verify_issue(actor=self.acts("agent"), at=AT, issue=issue)
        services.close_issue(actor=self.acts("lead"), at=AT, issue=issue)
        return issue

"""Projects for tests, made through the services."""

from datetime import date

from crm.common.people.enums import Role
from crm.common.records.dated import add_version
from crm.models import Department
from projects.models import ApprovalMatter, FeeItem, FeeItemVersion, MatterVersion
from projects.services import ProjectInput, load_team_slots, register_project
from tests.crm.factories import AT, AreaFactory, DepartmentFactory, EnterpriseFactory, acting, staff

FACTS = {
    "signed_on": date(2024, 1, 5),
    "agreed_investment_fen": 5_000_000_000,
    "filing_code": "2401-429006-04-01-0001",
    "construction_permit": "429006202401",
    "started_on": date(2024, 2, 1),
    "completed_on": date(2024, 3, 1),
    "produced_on": date(2024, 4, 1),
}


class Cast:
    """A lead and an agent of an area, a stranger of another, a project."""

    def __init__(self):
        load_team_slots()
        self.area = AreaFactory()
        self.lead = acting(staff(Role.LEAD, areas=[self.area]))
        self.agent = acting(staff(Role.AGENT, areas=[self.area]))
        self.stranger = acting(staff(Role.AGENT, areas=[AreaFactory()]))
        self.leader = acting(staff(Role.LEADER))
        self.enterprise = EnterpriseFactory(area=self.area)
        self.project = self.register()

    def register(self, name="泵阀生产线项目", at=AT):
        return register_project(
            actor=self.agent,
            data=ProjectInput(name=name, investor="江汉泵业", area_id=self.area.pk),
            at=at,
        )


def matter(code="B01", days=5, department: Department | None = None, since=date(2021, 1, 1)):
    """Return an approval matter with a promised limit in force."""
    entry, _new = ApprovalMatter.objects.get_or_create(code=code)
    add_version(
        MatterVersion,
        of="matter",
        entry=entry,
        effective_from=since,
        stage="1",
        name=f"事项{code}",
        name_en=code,
        department=department or DepartmentFactory(),
        statutory_text="20个工作日",
        promised_text=f"{days}个工作日",
        statutory_days=20,
        promised_days=days,
        evidence="批复",
    )
    return entry


def decider(entry):
    """Return a handler of the department that decides a matter now."""
    version = entry.versions.order_by("-effective_from").first()
    return acting(staff(Role.HANDLER, department=version.department))


def fee_version(code="drawing_review", name="施工图审查费"):
    """Return a fee of the catalogue in force."""
    entry, _new = FeeItem.objects.get_or_create(code=code)
    found = entry.versions.first()
    return found or add_version(
        FeeItemVersion,
        of="item",
        entry=entry,
        effective_from=date(2021, 1, 1),
        name=name,
        payee=DepartmentFactory(),
    )

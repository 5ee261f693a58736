"""Projects for tests, made through the services."""

from datetime import date

from crm.common.people.enums import Role
from crm.models import Department
from projects.models import ApprovalMatter
from projects.services import ProjectInput, register_project
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


def matter(code="B01", days=5, department: Department | None = None):
    """Return an approval matter with a promised limit."""
    return ApprovalMatter.objects.create(
        code=code,
        stage="1",
        name=f"事项{code}",
        name_en=code,
        department=department or DepartmentFactory(),
        statutory_text="20个工作日",
        promised_text=f"{days}个工作日",
        statutory_days=20,
        promised_days=days,
        evidence="批复",
        effective_from=date(2021, 1, 1),
    )

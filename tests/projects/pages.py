"""The pages of the project room whose queries are counted."""

from django.urls import reverse

from crm.common.people.models import User
from projects.models import ApprovalMatter
from projects.services import add_list_items, entrust_approvals
from projects.services.items import ItemInput
from tests.crm.factories import AT, DepartmentFactory
from tests.pages import page
from tests.projects.factories import Cast, matter


@page("projects.project_list")
def project_list(rows):
    cast = Cast()
    for number in range(rows):
        cast.register(name=f"项目{number}")
    return User.objects.get(pk=cast.agent.user_id), reverse("staff:projects:project_list")


@page("projects.project_detail")
def project_detail(rows):
    cast = Cast()
    department = DepartmentFactory()
    for number in range(rows):
        item = ItemInput(what=f"任务{number}", department_id=department.pk, due_on=AT.date())
        add_list_items(actor=cast.agent, project=cast.project, items=[item], at=AT)
        entrust_approvals(
            actor=cast.agent,
            project=cast.project,
            matters=[matter(f"T{ApprovalMatter.objects.count():02d}", department=department)],
            at=AT,
        )
    url = reverse("staff:projects:project_detail", args=[cast.project.pk])
    return User.objects.get(pk=cast.agent.user_id), url

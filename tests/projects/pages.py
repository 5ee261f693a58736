"""The pages of the project room whose queries are counted."""

from django.urls import reverse

from crm.common.people.models import User
from projects.models import ApprovalMatter
from projects.services import FeeInput, add_list_items, entrust_approvals, propose_zero_burden
from projects.services.items import ItemInput
from projects.states import APPROVAL_MACHINE
from tests.crm.factories import AT, DepartmentFactory, somebody_elsewhere
from tests.pages import page
from tests.projects.factories import Cast, fee_version, matter


@page("projects.project_list", outside=somebody_elsewhere)
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


def _of_agent(cast, name, *args):
    url = reverse(f"staff:projects:{name}", args=args)
    return User.objects.get(pk=cast.agent.user_id), url


@page("projects.project_create")
def project_create(_rows):
    return _of_agent(Cast(), "project_create")


@page("projects.project_edit")
def project_edit(_rows):
    cast = Cast()
    return _of_agent(cast, "project_edit", cast.project.pk)


@page("projects.project_move")
def project_move(_rows):
    cast = Cast()
    return _of_agent(cast, "project_move", cast.project.pk, "to_negotiating")


@page("projects.item_create")
def item_create(_rows):
    cast = Cast()
    return _of_agent(cast, "item_create", cast.project.pk)


@page("projects.item_edit")
def item_edit(rows):
    cast = Cast()
    items = [
        ItemInput(what=f"任务{n}", department_id=DepartmentFactory().pk, due_on=AT.date())
        for n in range(rows)
    ]
    made = add_list_items(actor=cast.agent, project=cast.project, items=items, at=AT)
    return _of_agent(cast, "item_edit", made[0].pk)


@page("projects.approval_create")
def approval_create(rows):
    cast = Cast()
    for _number in range(rows):
        matter(f"C{ApprovalMatter.objects.count():02d}")
    return _of_agent(cast, "approval_create", cast.project.pk)


@page("projects.team_edit")
def team_edit(_rows):
    cast = Cast()
    return _of_agent(cast, "team_edit", cast.project.pk, "agent")


@page("projects.team_leave")
def team_leave(_rows):
    cast = Cast()
    return _of_agent(cast, "team_leave", cast.project.team.get().pk)


@page("projects.item_move")
def item_move(_rows):
    cast = Cast()
    item = ItemInput(what="交地", department_id=DepartmentFactory().pk, due_on=AT.date())
    (row,) = add_list_items(actor=cast.agent, project=cast.project, items=[item], at=AT)
    return _of_agent(cast, "item_move", row.pk, "finish")


@page("projects.approval_move")
def approval_move(_rows):
    cast = Cast()
    wanted = matter(f"V{ApprovalMatter.objects.count():02d}")
    (case,) = entrust_approvals(actor=cast.agent, project=cast.project, matters=[wanted], at=AT)
    (first, *_more) = APPROVAL_MACHINE.available(cast.agent, case)
    return _of_agent(cast, "approval_move", case.pk, first.name)


@page("projects.relief_move")
def relief_move(_rows):
    cast = Cast()
    line = FeeInput(fee=fee_version(), amount_fen=100, mode="waived")
    decision = propose_zero_burden(actor=cast.lead, project=cast.project, fees=[line], at=AT)
    url = reverse("staff:projects:relief_move", args=[decision.pk, "decide"])
    return User.objects.get(pk=cast.leader.user_id), url

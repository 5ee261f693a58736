"""Entrusting matters of the catalogue."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.common.days import clock
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from projects.forms import MattersForm
from projects.models import Project
from projects.permissions import can_drive
from projects.services import entrust_approvals
from projects.views.acts import Act, require, run


@open_to(Role.AGENT, Role.LEAD)
def approval_create(request: Request, pk: int) -> HttpResponse:
    """Draw up cases for matters of the catalogue, entrusted by the enterprise."""
    project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)
    require(can_drive(request.actor, project))

    def do(data: dict[str, Any]) -> str:
        cases = entrust_approvals(
            actor=request.actor,
            project=project,
            matters=[row.matter for row in data["matters"]],
            at=clock.now(),
        )
        act.focus = f"case-{cases[0].pk}"
        told = ngettext("%(n)s matter is entrusted.", "%(n)s matters are entrusted.", len(cases))
        return told % {"n": len(cases)}

    act = Act(
        title=_("Entrust matters"),
        project=project,
        form=MattersForm(request.POST or None, project=project),
        submit=_("Entrust the chosen matters"),
        icon="plus",
        focus="approvals",
    )
    return run(request, act, do)

"""The list of projects, the page of one, and the steps taken on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.face.lists import list_response
from crm.common.face.moves import MoveForm, lacking, offers
from crm.common.http import Request
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.comments import comments_of
from projects import selectors, services
from projects.enums import STAGES, Stage
from projects.forms import ProjectForm
from projects.models import Project
from projects.rules import next_stage
from projects.states import (
    APPROVAL_MACHINE,
    ITEM_MACHINE,
    RELIEF_MACHINE,
    STAGE_MACHINE,
    STANDING_MACHINE,
)
from projects.tables import PROJECTS

# The three views of the one list: 责任清单, 任务清单, 时限清单.
LIST_VIEWS = {
    "unit": gettext_lazy("By unit"),
    "task": gettext_lazy("By task"),
    "due": gettext_lazy("By date"),
}


@open_to_staff
def project_list(request: Request) -> HttpResponse:
    """List the projects the actor may see."""
    labels = [str(stage.label) for stage in STAGES]
    may_enter = request.actor.has(Role.AGENT, Role.LEAD)
    extra = {"stage_labels": labels, "may_enter": may_enter}
    return list_response(request, PROJECTS, extra=extra)


def _found(request: Request, pk: int) -> Project:
    rows = Project.objects.select_related("enterprise", "area", "industry")
    found: Project = get_visible_or_404(rows, request.actor, pk=pk)
    return found


def detail_context(
    request: Request, project: Project, bound: MoveForm | None = None, problem: str = ""
) -> dict[str, Any]:
    """Return what the page of a project shows, with the moves open to the actor."""
    actor, today = request.actor, clock.today()
    view = request.GET.get("view", "unit")
    view = view if view in LIST_VIEWS else "unit"
    stages = offers(STAGE_MACHINE, actor, project, bound=bound)
    groups = selectors.list_groups(project, view, today)
    for group in groups:
        group.offered.extend((item, offers(ITEM_MACHINE, actor, item)) for item in group.rows)
    cases = selectors.approval_rows(actor, project, today, load_calendar())
    for case in cases:
        case["offers"] = offers(APPROVAL_MACHINE, actor, case["case"])
    decisions = project.zero_burden.prefetch_related("fees__fee__payee")
    return {
        "project": project,
        "steps": selectors.stage_steps(project),
        "following": next_stage(Stage(project.stage)),
        "lacks": lacking(stages),
        "stage_offers": stages,
        "standing_offers": offers(STANDING_MACHINE, actor, project, bound=bound),
        "team": selectors.team_slots(project),
        "view": view,
        "list_views": LIST_VIEWS,
        "list_groups": groups,
        "cases": cases,
        "decisions": [(row, offers(RELIEF_MACHINE, actor, row)) for row in decisions],
        "today": today,
        "comments": comments_of(project),
        "problem": problem,
    }


@open_to_staff
def project_detail(request: Request, pk: int) -> HttpResponse:
    """Show one project: where it stands, who answers, what is due."""
    template = "projects/project_detail.html"
    if request.htmx and not request.htmx.boosted:
        template += "#onelist"
    return render(request, template, detail_context(request, _found(request, pk)))


@open_to(Role.AGENT, Role.LEAD)
def project_create(request: Request) -> HttpResponse:
    """Enter a lead."""
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            project = services.register_project(
                actor=request.actor,
                at=clock.now(),
                data=services.ProjectInput(
                    name=data["name"],
                    investor=data["investor"],
                    area_id=data["area"].pk,
                    kind=data["kind"],
                    industry_id=data["industry"].pk if data["industry"] else None,
                ),
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("%s is registered.") % project.name)
            return redirect("staff:projects:project_detail", project.pk)
    return render(request, "projects/project_form.html", {"form": form})

"""The list of projects, the page of one, and the steps taken on it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.face.lists import Column, ListSpec, Preset, list_response
from crm.common.http import Request
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from projects import selectors, services
from projects.enums import MAIN_STAGES
from projects.filters import ProjectFilter
from projects.forms import MoveForm, ProjectForm
from projects.models import Approval, ListItem, Project
from projects.states import APPROVALS, STAGES

PICKED = 8


def _for_page(rows: QuerySet[Project]) -> QuerySet[Project]:
    return rows.select_related("area", "enterprise")


SPEC = ListSpec(
    key="projects.projects",
    title=gettext_lazy("Projects"),
    template="projects/project_list.html",
    filterset=ProjectFilter,
    default_sort="-registered",
    columns=(
        Column("name", gettext_lazy("Project"), lambda p: p.name, sort=("name",), optional=False),
        Column("code", gettext_lazy("Number"), lambda p: p.code, sort=("code",), css="as-only-d"),
        Column("stage", gettext_lazy("Stage"), lambda p: p.get_stage_display(), sort=("stage",)),
        Column("light", gettext_lazy("Light"), lambda p: selectors.light_of(p).label),
        Column("area", gettext_lazy("Area"), lambda p: p.area.name),
        Column(
            "investment",
            gettext_lazy("Agreed investment"),
            lambda p: (p.agreed_investment_fen or 0) / 100,
            sort=("agreed_investment_fen",),
            numeric=True,
        ),
        Column(
            "registered",
            gettext_lazy("Registered"),
            lambda p: clock.local_date(p.created_at),
            sort=("created_at",),
            css="as-xl",
        ),
    ),
    for_page=_for_page,
    presets=lambda actor: [
        Preset(gettext_lazy("All"), ""),
        Preset(gettext_lazy("Mine"), "team=mine"),
        Preset(gettext_lazy("Late"), "light=over"),
        Preset(gettext_lazy("At risk"), "light=risk"),
    ],
)


@open_to_staff
def project_list(request: Request) -> HttpResponse:
    """List the projects the actor may see."""
    visible = Project.objects.visible_to(request.actor)
    rows = selectors.with_lights(visible, clock.today())
    labels = [str(stage.label) for stage in MAIN_STAGES]
    return list_response(request, SPEC, rows, extra={"stage_labels": labels})


@open_to_staff
def project_detail(request: Request, pk: int) -> HttpResponse:
    """Show one project: where it stands, who answers, what is due."""
    actor, today = request.actor, clock.today()
    rows = Project.objects.select_related("enterprise", "area", "industry")
    project = get_visible_or_404(selectors.with_lights(rows, today), actor, pk=pk)  # type: ignore[arg-type]
    view = request.GET.get("view", "unit")
    following, lacks = selectors.missing_words(project)
    moves = {move.name for move in STAGES.available(actor, project)}
    cases = selectors.approval_rows(actor, project, today, load_calendar())
    for row in cases:
        row["moves"] = APPROVALS.available(actor, row["case"])
    context: dict[str, Any] = {
        "project": project,
        "light": selectors.light_of(project),
        "steps": selectors.stage_steps(project),
        "following": following,
        "lacks": lacks,
        "may_advance": following is not None and f"to_{following}" in moves,
        "team": selectors.team_slots(project),
        "view": view if view in {"unit", "task", "due"} else "unit",
        "list_groups": selectors.list_groups(project, view, today),
        "cases": cases,
        "fees": list(project.fees.select_related("payee")),
        "decisions": list(project.zero_burden.filter(revoked_at=None)),
        "today": today,
    }
    template = "projects/project_detail.html"
    if request.htmx and not request.htmx.boosted:
        template += "#onelist"
    return render(request, template, context)


@open_to(Role.AGENT, Role.LEAD, Role.ADMIN)
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


@require_POST
@open_to_staff
def project_advance(request: Request, pk: int) -> HttpResponse:
    """Move a project to its next stage; say what it lacks otherwise."""
    project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)
    following, _lacks = selectors.missing_words(project)
    try:
        if following is not None:
            services.advance_stage(
                actor=request.actor,
                project=project,
                stage=following,
                at=clock.now(),
            )
            messages.success(request, following.label)
    except UserFacingError as problem:
        messages.error(request, str(problem))
    return redirect("staff:projects:project_detail", pk)


@require_POST
@open_to_staff
def item_finish(request: Request, pk: int) -> HttpResponse:
    """Strike off one row of the one list."""
    item = get_visible_or_404(
        ListItem.objects.select_related("project"),
        request.actor,
        pk=pk,
    )
    version = request.POST.get("version", "")
    try:
        services.finish_item(
            actor=request.actor,
            item=item,
            version=int(version) if version.isdigit() else 0,
            at=clock.now(),
        )
    except UserFacingError as problem:
        messages.error(request, str(problem))
    return redirect("staff:projects:project_detail", item.project_id)


@require_POST
@open_to_staff
def approval_move(request: Request, pk: int) -> HttpResponse:
    """Make one step of an approval case."""
    case = get_visible_or_404(
        Approval.objects.select_related("project", "matter"),
        request.actor,
        pk=pk,
    )
    form = MoveForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.move_approval(
                actor=request.actor,
                approval=case,
                move=data["move"],
                reason=data["reason"],
                result_number=data["result_number"],
                at=clock.now(),
                calendar=load_calendar(),
            )
        except UserFacingError as problem:
            messages.error(request, str(problem))
    return redirect("staff:projects:project_detail", case.project_id)

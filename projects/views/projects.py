"""The list of projects, the page of one, its facts, and a new lead."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.face.lists import list_response
from crm.common.http import Request
from crm.common.people.actor import Actor
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from crm.common.records.comments import comments_of
from projects import selectors, services
from projects.enums import STAGES, ItemStatus
from projects.forms import FACTS, ProjectEditForm, ProjectForm
from projects.models import ListItem, Project, TeamMember
from projects.permissions import can_drive, can_edit_list
from projects.states import (
    APPROVAL_MACHINE,
    ITEM_MACHINE,
    RELIEF_MACHINE,
    STAGE_MACHINE,
    STANDING_MACHINE,
)
from projects.tables import PROJECTS
from projects.views.acts import FOCUS, Act, require, run
from projects.views.steps import Step, steps

EDITED = ("name", "investor", "area", "kind", "industry", "land_mu", *FACTS)

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
    team = TeamMember.objects.filter(until=None).select_related("user", "department", "slot")
    rows = Project.objects.select_related("enterprise", "area", "industry")
    rows = rows.prefetch_related(Prefetch("team", team))
    found: Project = get_visible_or_404(rows, request.actor, pk=pk)
    return found


@dataclass(slots=True)
class Row:
    """One row of the one list as the page draws it, with its neighbours under the heading."""

    item: ListItem
    steps: list[Step]
    above: ListItem | None
    below: ListItem | None

    @property
    def onward(self) -> list[Step]:
        """The steps that lead on: a button each."""
        return [step for step in self.steps if step.leads_on]

    @property
    def others(self) -> list[Step]:
        """The steps aside and back: they stand in the menu."""
        return [step for step in self.steps if not step.leads_on]

    @property
    def up_focus(self) -> str:
        """What the page calls the button that moves it up."""
        return f"up-{self.item.pk}"

    @property
    def down_focus(self) -> str:
        """What the page calls the button that moves it down."""
        return f"down-{self.item.pk}"


def list_context(request: Request, project: Project) -> dict[str, Any]:
    """Return the one list in the view that is asked for, with the moves open to the actor."""
    actor, today = request.actor, clock.today()
    view = request.GET.get("view", "unit")
    view = view if view in LIST_VIEWS else "unit"
    whole, ordering = bool(request.GET.get("all")), bool(request.GET.get("order"))
    rows = selectors.list_rows(project, view, today, load_calendar(), whole=whole)
    groups = selectors.list_groups(rows, view, today)
    may_edit = can_edit_list(actor, project)
    return {
        "project": project,
        "view": view,
        "by_unit": view == "unit",
        "list_views": LIST_VIEWS,
        "list_groups": [(group, _rows(actor, group)) for group in groups],
        "list_whole": whole,
        "ordering": ordering and may_edit and view != "due",
        "may_order": may_edit and view != "due" and len(rows) > 1,
        "may_edit_list": may_edit,
        "counts": project.items.aggregate(
            all=Count("pk"),
            done=Count("pk", filter=Q(status=ItemStatus.DONE)),
        ),
        "shown": len(rows),
        "focus": request.headers.get(FOCUS, ""),
    }


def _rows(actor: Actor, group: selectors.ListGroup) -> list[Row]:
    ends: list[ListItem | None] = [None, *group.rows, None]
    return [
        Row(item, steps(ITEM_MACHINE, actor, item), ends[place], ends[place + 2])
        for place, item in enumerate(group.rows)
    ]


def detail_context(request: Request, project: Project) -> dict[str, Any]:
    """Return what the page of a project shows, with the moves open to the actor."""
    actor, today, calendar = request.actor, clock.today(), load_calendar()
    stages = steps(STAGE_MACHINE, actor, project)
    cases = selectors.approval_rows(actor, project, today, calendar)
    for case in cases:
        case["steps"] = steps(APPROVAL_MACHINE, actor, case["case"])
    decisions = project.zero_burden.prefetch_related("fees__fee__payee")
    return {
        **list_context(request, project),
        "steps": selectors.stage_steps(project, today),
        "onward": [step for step in stages if step.leads_on],
        "aside": [step for step in stages if not step.leads_on]
        + steps(STANDING_MACHINE, actor, project),
        "may_drive": can_drive(actor, project),
        "team": selectors.team_slots(project),
        "gantt": selectors.gantt(cases, today, calendar),
        "cases": cases,
        "papers": [row["case"] for row in cases if row["case"].result_number],
        "decisions": [(row, steps(RELIEF_MACHINE, actor, row)) for row in decisions],
        "today": today,
        "focus_next": request.headers.get(FOCUS) == "next",
        "comments": comments_of(project),
    }


@open_to_staff
def project_detail(request: Request, pk: int) -> HttpResponse:
    """Show one project: where it stands, who answers, what is due."""
    project = _found(request, pk)
    part = request.htmx and not request.htmx.boosted and request.htmx.target != "main"
    if part:
        return render(request, "projects/list_card.html", list_context(request, project))
    return render(request, "projects/project_detail.html", detail_context(request, project))


@open_to(Role.AGENT, Role.LEAD)
def project_create(request: Request) -> HttpResponse:
    """Enter a lead; an investor that is on the register is linked."""
    actor = request.actor
    form = ProjectForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        known = list(selectors.enterprises_called(actor, data["investor"])[:2])
        linked = known[0] if len(known) == 1 else None
        try:
            project = services.register_project(
                actor=actor,
                at=clock.now(),
                data=services.ProjectInput(
                    name=data["name"],
                    investor=linked.name if linked else data["investor"],
                    area_id=data["area"].pk,
                    kind=data["kind"],
                    industry_id=data["industry"].pk if data["industry"] else None,
                    agreed_investment_fen=data["agreed_investment_fen"],
                    enterprise_id=linked.pk if linked else None,
                ),
            )
        except UserFacingError as problem:
            form.add_error(None, str(problem))
        else:
            told = _("%(project)s is registered and linked with %(enterprise)s.")
            plain = _("%s is registered.") % project.name
            names = {"project": project.name, "enterprise": linked.name if linked else ""}
            messages.success(request, told % names if linked else plain)
            return redirect("staff:projects:project_detail", project.pk)
    status = 422 if form.errors else 200
    return render(request, "projects/project_form.html", {"form": form}, status=status)


@open_to(Role.AGENT, Role.LEAD)
def enterprise_options(request: Request) -> HttpResponse:
    """Answer the enterprises of the register for what is being typed."""
    typed = request.GET.get("investor") or request.GET.get("enterprise") or ""
    known = list(selectors.enterprises_called(request.actor, typed)[:2])
    context = {
        "found": selectors.suggested_enterprises(request.actor, typed),
        "exact": known[0] if len(known) == 1 else None,
    }
    return render(request, "projects/enterprise_options.html", context)


@open_to(Role.AGENT, Role.LEAD)
def project_edit(request: Request, pk: int) -> HttpResponse:
    """Change the facts of a project; a change by somebody else in between is shown, not lost."""
    actor, project = request.actor, _found(request, pk)
    require(can_drive(actor, project))
    initial = _stored(project)
    form = ProjectEditForm(request.POST or None, initial=initial, actor=actor, project=project)

    def do(data: dict[str, Any]) -> str:
        services.update_project(
            actor=actor,
            project=project,
            values={name: data[name] for name in EDITED},
            version=data["version"] or 0,
            at=clock.now(),
        )
        return _("The facts of %(project)s are changed.") % {"project": project.name}

    act = Act(
        title=_("Change the facts"),
        project=project,
        form=form,
        submit=_("Save the changes"),
        about=project.name,
        icon="pencil",
        suggests=True,
        record=project,
        stored=partial(_stored, project),
    )
    return run(request, act, do)


def _stored(project: Project) -> dict[str, Any]:
    """Return what the form of a project says while nobody has changed it."""
    return {name: getattr(project, name) for name in EDITED} | {
        "area": project.area_id,
        "industry": project.industry_id,
        "enterprise": project.enterprise.name if project.enterprise else "",
        "version": project.version,
    }

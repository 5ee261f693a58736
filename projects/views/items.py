"""Rows of the one list: added, changed, given to another, put in order."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request, whole_number
from crm.common.people.doors import open_to, open_to_staff
from crm.common.people.enums import Role
from crm.common.people.scoping import get_visible_or_404
from projects.forms import ItemForm
from projects.models import ListItem, Project
from projects.permissions import can_edit_list
from projects.services import ItemInput, add_list_items, place_item, update_item
from projects.views.acts import Act, finished, require, run

FIELDS = ("what", "deliverable", "department", "person", "due_on")


@open_to(Role.AGENT, Role.LEAD)
def item_create(request: Request, pk: int) -> HttpResponse:
    """Add a row to a project's one list."""
    project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)
    require(can_edit_list(request.actor, project))
    form = ItemForm(request.POST or None)

    def do(data: dict[str, Any]) -> str:
        row = ItemInput(
            what=data["what"],
            deliverable=data["deliverable"],
            department_id=data["department"].pk,
            person_id=data["person"].pk if data["person"] else None,
            due_on=data["due_on"],
        )
        (made,) = add_list_items(actor=request.actor, project=project, items=[row], at=clock.now())
        act.focus = f"item-{made.pk}"
        return _("“%(what)s” is on the list.") % {"what": made.what}

    act = Act(
        title=_("Add to the list"),
        project=project,
        form=form,
        submit=_("Add to the list"),
        icon="plus",
        focus="onelist",
    )
    return run(request, act, do)


@open_to(Role.AGENT, Role.LEAD)
def item_edit(request: Request, pk: int) -> HttpResponse:
    """Change a row: what it says, who answers for it, when it is due."""
    item = get_visible_or_404(ListItem.objects.select_related("project"), request.actor, pk=pk)
    require(can_edit_list(request.actor, item.project))

    def stored() -> dict[str, Any]:
        return {name: getattr(item, name) for name in FIELDS} | {"version": item.version}

    form = ItemForm(request.POST or None, initial=stored(), item=item)

    def do(data: dict[str, Any]) -> str:
        update_item(
            actor=request.actor,
            item=item,
            values={name: data[name] for name in FIELDS},
            version=data["version"] or 0,
            at=clock.now(),
        )
        who = item.person.display_name if item.person else item.department.short_name
        return _("“%(what)s”: %(who)s, by %(day)s.") % {
            "what": item.what,
            "who": who,
            "day": item.due_on.isoformat(),
        }

    act = Act(
        title=_("Change or give to another"),
        project=item.project,
        form=form,
        submit=_("Save the row"),
        about=item.what,
        icon="pencil",
        focus=f"item-{pk}",
        record=item,
        stored=stored,
    )
    return run(request, act, do)


@require_POST
@open_to_staff
def item_place(request: Request, pk: int, way: str) -> HttpResponse:
    """Put a row before or after the one that stands beside it on the screen."""
    item = get_visible_or_404(ListItem.objects.select_related("project"), request.actor, pk=pk)
    if way not in ("up", "down"):
        raise Http404(_("There is no such step."))
    beside = whole_number(request.POST.get("beside", ""))
    neighbour = item.project.items.filter(pk=beside).first() if beside is not None else None
    if neighbour is None:
        raise UserFacingError(_("The two rows are not on the same list."))
    place_item(actor=request.actor, item=item, beside=neighbour, before=way == "up", at=clock.now())
    return finished(request, item.project_id, f"{way}-{pk}")

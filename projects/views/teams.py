"""Who holds the slots of a project's team."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.http import Request
from crm.common.people.doors import open_to
from crm.common.people.enums import Role
from crm.common.people.scoping import get_or_404, get_visible_or_404
from projects.forms import TeamForm
from projects.models import Project, TeamMember, TeamSlot
from projects.permissions import can_drive
from projects.services import assign_team, leave_team
from projects.views.acts import Act, require, run


@open_to(Role.AGENT, Role.LEAD)
def team_edit(request: Request, pk: int, slot: str) -> HttpResponse:
    """Put a person or a unit into a slot of the team, in place of or beside who holds it."""
    project = get_visible_or_404(Project.objects.all(), request.actor, pk=pk)
    require(can_drive(request.actor, project))
    place = get_or_404(TeamSlot.objects.visible_to(request.actor).filter(active=True), code=slot)
    held = project.team.filter(slot=place, until=None).exists()
    form = TeamForm(request.POST or None, slot=place, held=held)

    def do(data: dict[str, Any]) -> str:
        now, holder = clock.now(), data.get("person") or data["department"]
        (made,) = assign_team(
            actor=request.actor,
            project=project,
            places={slot: holder},
            since=clock.local_date(now),
            at=now,
            beside=bool(data.get("beside")),
        )
        return _("%(slot)s: %(who)s.") % {"slot": place.label, "who": made.who}

    title = _("Replace: %(slot)s") if held else _("Fill: %(slot)s")
    act = Act(
        title=title % {"slot": place.label},
        project=project,
        form=form,
        submit=_("Put on the team"),
        icon="user-plus",
        focus=f"slot-{slot}",
    )
    return run(request, act, do)


@open_to(Role.AGENT, Role.LEAD)
def team_leave(request: Request, pk: int) -> HttpResponse:
    """End a place of the team as of today; that it was held stays on record."""
    rows = TeamMember.objects.select_related("project", "slot", "user", "department")
    member = get_visible_or_404(rows, request.actor, pk=pk)
    require(can_drive(request.actor, member.project))

    def do(_data: dict[str, Any]) -> str:
        now = clock.now()
        leave_team(actor=request.actor, member=member, until=clock.local_date(now), at=now)
        return _("%(who)s is off the team.") % {"who": member.who}

    act = Act(
        title=_("Take off the team"),
        project=member.project,
        form=forms.Form(request.POST),
        submit=_("Take off the team"),
        about=f"{member.slot.label}: {member.who}",
        icon="x",
        focus=f"slot-{member.slot.code}",
    )
    return run(request, act, do)

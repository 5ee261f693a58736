"""Register projects, move them through their stages, name who answers for them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.models import Transition
from crm.common.records.searching import search_columns
from crm.common.records.transitions import MoveRefused
from crm.common.records.versioning import update_versioned
from projects.enums import ProjectKind, Stage, TeamSlot
from projects.models import Project, TeamMember
from projects.permissions import can_register_project
from projects.rules import REQUIRED_FROM, missing_for
from projects.states import STAGES


@dataclass(frozen=True, slots=True)
class ProjectInput:
    """What is known of a project when it becomes a lead; money in 分."""

    name: str
    investor: str
    area_id: int
    kind: str = ProjectKind.INDUSTRIAL
    industry_id: int | None = None
    agreed_investment_fen: int | None = None
    parent_id: int | None = None


def _next_code(at: datetime) -> str:
    prefix = f"TM{at:%Y}-"
    last = (
        Project.objects.filter(code__startswith=prefix)
        .order_by("-code")
        .values_list("code", flat=True)
        .first()
    )
    return f"{prefix}{int(last.rsplit('-', 1)[1]) + 1 if last else 1:04d}"


@transaction.atomic
def register_project(*, actor: Actor, data: ProjectInput, at: datetime) -> Project:
    """Enter a lead.

    Raises UserFacingError when the investor already has a running project of this name in the
    area (the classic double count), NotAllowedError outside the actor's areas.
    """
    if not can_register_project(actor, data.area_id):
        raise NotAllowedError(_("You may enter projects in your own areas only."))
    if not data.name.strip() or not data.investor.strip():
        raise UserFacingError(_("A project needs a name and an investor."))
    twin = Project.objects.running().filter(
        investor=data.investor.strip(), name=data.name.strip(), area_id=data.area_id
    )
    if existing := twin.first():
        raise UserFacingError(
            _("%(investor)s already has this project: %(code)s. Open that one.")
            % {"investor": data.investor, "code": existing.code}
        )
    code = _next_code(at)
    project = Project.objects.create(
        **asdict(data),
        code=code,
        stage_since=at,
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
        **search_columns(data.name, code, data.investor),
    )
    audit.record("project.register", actor=actor, target=project, after=asdict(data))
    return project


@transaction.atomic
def update_project(
    *, actor: Actor, project: Project, values: Mapping[str, Any], version: int, at: datetime
) -> Project:
    """Store changed facts of a project; raises ConflictError when somebody saved in between."""
    if not can_register_project(actor, project.area_id):
        raise NotAllowedError(_("Agents of the area and administrators may change this."))
    changed = update_versioned(project, values=values, expected=version, at=at)
    audit.record(
        "project.update",
        actor=actor,
        target=project,
        before={name: pair[0] for name, pair in changed.items()},
        after={name: pair[1] for name, pair in changed.items()},
    )
    return project


@transaction.atomic
def advance_stage(
    *, actor: Actor, project: Project, stage: Stage, at: datetime, reason: str = ""
) -> Transition:
    """Move a project to its next stage.

    Raises MoveRefused naming every fact the stage requires and the project lacks.
    """
    values = {name: getattr(project, name) for name in REQUIRED_FROM}
    if missing := missing_for(stage, values):
        labels = [str(Project._meta.get_field(name).verbose_name) for name in missing]  # type: ignore[union-attr]
        raise MoveRefused(
            _("“%(stage)s” still lacks: %(fields)s.")
            % {"stage": stage.label, "fields": _(", ").join(labels)}
        )
    row = STAGES.apply(
        project,
        f"to_{stage}",
        actor=actor,
        at=at,
        reason=reason,
        changes={"stage_since": at},
    )
    audit.record("project.stage", actor=actor, target=project, after={"stage": str(stage)})
    return row


@transaction.atomic
def pause_project(*, actor: Actor, project: Project, reason: str, at: datetime) -> Transition:
    """Put a project aside; the stage it stood in is remembered."""
    before = project.stage
    fields = {"stage_before_pause": before, "stage_since": at}
    row = STAGES.apply(project, "pause", actor=actor, at=at, reason=reason, changes=fields)
    audit.record("project.pause", actor=actor, target=project, note=reason)
    return row


@transaction.atomic
def resume_project(*, actor: Actor, project: Project, at: datetime) -> Transition:
    """Take a paused project up again where it stood."""
    if project.stage != Stage.PAUSED:
        raise MoveRefused(_("This project is not paused."))
    move = f"resume_{project.stage_before_pause}"
    fields = {"stage_before_pause": "", "stage_since": at}
    row = STAGES.apply(project, move, actor=actor, at=at, changes=fields)
    audit.record("project.resume", actor=actor, target=project)
    return row


@transaction.atomic
def assign_team(
    *, actor: Actor, project: Project, places: Mapping[TeamSlot, User], since: date, at: datetime
) -> list[TeamMember]:
    """Fill slots of the service team; whoever held a slot before leaves it that day."""
    if not can_register_project(actor, project.area_id):
        raise NotAllowedError(_("Agents of the area and administrators may change this."))
    project.team.filter(slot__in=places, until=None).update(until=since)
    made = TeamMember.objects.bulk_create(
        TeamMember(project=project, user=user, slot=slot, since=since)
        for slot, user in places.items()
    )
    after: dict[str, Any] = {slot: user.pk for slot, user in places.items()}
    audit.record("project.team", actor=actor, target=project, after=after)
    return made

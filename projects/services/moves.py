"""A project's stage and standing: advance, take back, pause, end, remove."""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from crm.common.days.clock import local_date
from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import Transition
from projects.enums import Light, Stage, Standing
from projects.models import Project
from projects.services.lights import refresh_light
from projects.states import STAGE_MACHINE, STANDING_MACHINE


@transaction.atomic
def move_stage(
    *,
    actor: Actor,
    project: Project,
    move: str,
    at: datetime,
    version: int | None = None,
    reason: str = "",
) -> Transition:
    """Move a project one stage on, or back with a reason.

    Raises StaleMove, and MoveRefused naming every fact the stage requires and the locked
    record lacks.
    """
    row = STAGE_MACHINE.apply(
        project,
        move,
        actor=actor,
        at=at,
        version=version,
        reason=reason,
        changes={"stage_since": at},
    )
    audit.record("project.stage", actor=actor, target=project, after={"stage": project.stage})
    events.publish("projects.stage_moved", {"project_id": project.pk, "stage": project.stage})
    return row


def advance_stage(
    *, actor: Actor, project: Project, stage: Stage, at: datetime, version: int | None = None
) -> Transition:
    """Move a project to its next stage."""
    return move_stage(actor=actor, project=project, move=f"to_{stage}", at=at, version=version)


@transaction.atomic
def move_standing(
    *,
    actor: Actor,
    project: Project,
    move: str,
    at: datetime,
    version: int | None = None,
    reason: str = "",
) -> Transition:
    """Pause a project, take it up again, end it, or remove what was entered by mistake.

    The stage stays where it was. A removed project leaves every later figure and list; what
    was counted before its removal stays counted.
    """

    def changes(locked: Project) -> dict[str, Any]:
        target = STANDING_MACHINE.moves[move].target
        running = target == Standing.RUNNING
        return {
            "light": locked.light if running else Light.GREY,
            "removed_at": at if target == Standing.REMOVED else None,
        }

    row = STANDING_MACHINE.apply(
        project, move, actor=actor, at=at, version=version, reason=reason, changes=changes
    )
    refresh_light(project=project, today=local_date(at))
    audit.record(f"project.{move}", actor=actor, target=project, note=reason)
    return row


for _name in STAGE_MACHINE.moves:
    STAGE_MACHINE.makes(_name)(partial(move_stage, move=_name))
for _name in STANDING_MACHINE.moves:
    STANDING_MACHINE.makes(_name)(partial(move_standing, move=_name))

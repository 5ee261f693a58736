"""A project's stage and standing: advance, take back, pause, end, remove."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import UserFacingError
from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.files import store_file
from crm.common.records.models import Transition
from crm.common.records.transitions import Machine, MoveRefused, history
from projects.enums import Light, Stage, Standing
from projects.models import Project
from projects.rules import UNDO_WITHIN
from projects.services.lights import refresh_light
from projects.services.projects import update_project
from projects.states import STAGE_MACHINE, STANDING_MACHINE

EVIDENCE = "project.evidence"


@transaction.atomic
def move_stage(
    *,
    actor: Actor,
    project: Project,
    move: str,
    at: datetime,
    version: int | None = None,
    reason: str = "",
    note: str = "",
    evidence: Iterable[UploadedFile] = (),
    facts: Mapping[str, Any] | None = None,
) -> Transition:
    """Move a project one stage on, or back with a reason.

    `facts` are what the stage requires and was found missing: they are stored first, and taken
    back with everything else when the move is refused. A step on needs a `note` that says what
    shows it. Raises UserFacingError without one, StaleMove, ConflictError, and MoveRefused
    naming every fact the stage requires and the locked record lacks.
    """
    words = reason.strip() or note.strip()
    if move.startswith("to_") and not words:
        raise UserFacingError(_("Say what shows that the project has come this far."))
    if facts:
        opened = project.version if version is None else version
        update_project(actor=actor, project=project, values=facts, version=opened, at=at)
        version = project.version
    files = [
        store_file(actor=actor, upload=upload, purpose=EVIDENCE, target=project, at=at)
        for upload in evidence
    ]
    row = STAGE_MACHINE.apply(
        project,
        move,
        actor=actor,
        at=at,
        version=version,
        reason=words,
        evidence=files,
        changes={"stage_since": at},
    )
    audit.record("project.stage", actor=actor, target=project, after={"stage": project.stage})
    events.publish("projects.stage_moved", {"project_id": project.pk, "stage": project.stage})
    return row


def advance_stage(
    *,
    actor: Actor,
    project: Project,
    stage: Stage,
    note: str,
    at: datetime,
    version: int | None = None,
) -> Transition:
    """Move a project to its next stage; `note` says what shows it."""
    return move_stage(
        actor=actor, project=project, move=f"to_{stage}", note=note, at=at, version=version
    )


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


@transaction.atomic
def undo_stage(
    *, actor: Actor, project: Project, at: datetime, version: int | None = None
) -> Transition:
    """Take back the step the actor has just made; it stays in the log with its undoing.

    Raises MoveRefused when somebody else made it, or the seconds for it are over: then it is
    taken back with a reason. Facts that were entered with the step stay.
    """
    last, before = _last_two(STAGE_MACHINE, project)
    check_just_made(last, actor=actor, at=at)
    row = STAGE_MACHINE.apply(
        project,
        f"undo_{last.move}",
        actor=actor,
        at=at,
        version=version,
        reason=str(_("Undone right away.")),
        changes={"stage_since": before.at if before else project.created_at},
    )
    audit.record("project.stage", actor=actor, target=project, after={"stage": project.stage})
    events.publish("projects.stage_moved", {"project_id": project.pk, "stage": project.stage})
    return row


def _last_two(machine: Machine, obj: Any) -> tuple[Transition, Transition | None]:
    rows = list(history(obj).filter(machine=machine.key).order_by("-at", "-pk")[:2])
    return rows[0], rows[1] if len(rows) > 1 else None


def check_just_made(last: Transition, *, actor: Actor, at: datetime) -> None:
    """Refuse to undo what another did, what was done a while ago, and what was no step on."""
    machine_move = last.move.startswith(("to_", "finish", "drop"))
    if not machine_move or last.actor_id != actor.user_id or at - last.at > UNDO_WITHIN:
        raise MoveRefused(_("The time to undo it is over: take it back with a reason."))


for _name in STAGE_MACHINE.moves:
    _undoes = STAGE_MACHINE.moves[_name].hidden
    STAGE_MACHINE.makes(_name)(undo_stage if _undoes else partial(move_stage, move=_name))
for _name in STANDING_MACHINE.moves:
    STANDING_MACHINE.makes(_name)(partial(move_standing, move=_name))

"""The tables of a project's stages and of an approval case."""

from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.transitions import Machine, Move
from projects.enums import MAIN_STAGES, ApprovalStatus, Stage


def may_drive(actor: Actor, project: Any) -> bool:
    """Agents and leads of the project's area or team, and administrators, move its stage."""
    if actor.has(Role.ADMIN):
        return True
    if not actor.has(Role.AGENT, Role.LEAD):
        return False
    return (
        project.area_id in actor.area_ids
        or project.team.filter(user_id=actor.user_id, until=None).exists()
    )


def may_stop(actor: Actor, project: Any) -> bool:
    """Team leads of the area, leaders and administrators pause and terminate."""
    if actor.has(Role.ADMIN, Role.LEADER):
        return True
    return actor.has(Role.LEAD) and project.area_id in actor.area_ids


def _stage_moves() -> list[Move]:
    forward = [
        Move(
            f"to_{after}",
            frozenset({before}),
            after,
            after.label,
            may_drive,
        )
        for before, after in pairwise(MAIN_STAGES)
    ]
    back = [
        Move(f"resume_{stage}", frozenset({Stage.PAUSED}), stage, _("Resume"), may_stop)
        for stage in MAIN_STAGES
    ]
    live = frozenset(MAIN_STAGES)
    return [
        *forward,
        *back,
        Move("pause", live, Stage.PAUSED, _("Pause"), may_stop, needs_reason=True),
        Move(
            "terminate",
            live | {Stage.PAUSED},
            Stage.TERMINATED,
            _("Terminate"),
            may_stop,
            needs_reason=True,
        ),
    ]


STAGES = Machine(
    "projects.stage",
    field="stage",
    initial=Stage.LEAD,
    labels=dict(Stage.choices),
    moves=_stage_moves(),
)


def may_push(actor: Actor, approval: Any) -> bool:
    """The agent's side: entrusting, gathering materials, handing in, delivering."""
    return may_drive(actor, approval.project)


def may_decide(actor: Actor, approval: Any) -> bool:
    """The deciding department's side."""
    if actor.has(Role.ADMIN):
        return True
    return actor.has(Role.HANDLER) and approval.department_id in actor.department_ids


def may_rate(actor: Actor, approval: Any) -> bool:
    """The enterprise rates what was done for it."""
    return actor.has(Role.ENTERPRISE) and approval.project.enterprise_id in actor.enterprise_ids


A = ApprovalStatus
APPROVALS = Machine(
    "projects.approval",
    initial=A.DRAFTED,
    labels=dict(A.choices),
    moves=[
        Move("entrust", frozenset({A.DRAFTED}), A.ENTRUSTED, _("Entrust"), may_push),
        Move("gather", frozenset({A.ENTRUSTED}), A.MATERIALS, _("Gather materials"), may_push),
        Move("accept", frozenset({A.MATERIALS}), A.ACCEPTED, _("Accept"), may_decide),
        Move("review", frozenset({A.ACCEPTED}), A.UNDER_REVIEW, _("Begin review"), may_decide),
        Move(
            "stop_clock",
            frozenset({A.ACCEPTED, A.UNDER_REVIEW}),
            A.PAUSED,
            _("Stop the clock"),
            may_decide,
            needs_reason=True,
        ),
        Move("resume", frozenset({A.PAUSED}), A.UNDER_REVIEW, _("Resume"), may_decide),
        Move("decide", frozenset({A.UNDER_REVIEW}), A.DECIDED, _("Decide"), may_decide),
        Move(
            "refuse",
            frozenset({A.UNDER_REVIEW, A.ACCEPTED}),
            A.REFUSED,
            _("Refuse"),
            may_decide,
            needs_reason=True,
        ),
        Move("deliver", frozenset({A.DECIDED}), A.DELIVERED, _("Deliver"), may_push),
        Move("rate", frozenset({A.DELIVERED}), A.RATED, _("Rate"), may_rate),
    ],
)

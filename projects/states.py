"""The tables of moves: a project's stage and standing, list items, approvals, fee decisions."""

from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.face.fields import ask_files
from crm.common.records.asks import ask_line, ask_text
from crm.common.records.transitions import Machine, Missing, Move, Tone, aside
from projects import permissions
from projects.enums import STAGES, ApprovalStatus, DecisionStatus, ItemStatus, Stage, Standing
from projects.models import Project
from projects.rules import REQUIRED_FROM, missing_for


def lacking_for(stage: Stage) -> Callable[[Any], Iterable[Missing]]:
    """Return what a project lacks for a stage: that it runs, and the facts of the table."""

    def of(project: Project) -> list[Missing]:
        found = []
        if project.standing != Standing.RUNNING:
            found.append(Missing("standing", _("that it is taken up again")))
        values = {name: getattr(project, name) for name in REQUIRED_FROM}
        return found + [
            Missing(name, Project._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            for name in missing_for(stage, values)
        ]

    return of


def _stage_moves() -> list[Move]:
    forward = [
        Move(
            f"to_{after}",
            frozenset({before}),
            after,
            format_lazy(_("Move to “{stage}”"), stage=after.label),
            permissions.can_drive,
            asks=(
                ask_text("note", _("What shows it")),
                ask_files("evidence", _("Evidence"), required=False),
            ),
            requires=lacking_for(after),
            done=format_lazy(_("Moved to “{stage}”."), stage=after.label),
        )
        for before, after in pairwise(STAGES)
    ]
    back = [
        aside(
            f"back_to_{before}",
            frozenset({after}),
            before,
            format_lazy(_("Back to “{stage}”"), stage=before.label),
            permissions.can_stop,
            icon="arrow-back-up",
            done=format_lazy(_("Taken back to “{stage}”."), stage=before.label),
        )
        for before, after in pairwise(STAGES)
    ]
    undone = [
        Move(
            f"undo_to_{after}",
            frozenset({after}),
            before,
            format_lazy(_("Undo “{stage}”"), stage=after.label),
            permissions.can_drive,
            icon="arrow-back-up",
            tone=Tone.ASIDE,
            hidden=True,
        )
        for before, after in pairwise(STAGES)
    ]
    return forward + back + undone


STAGE_MACHINE = Machine(
    "projects.stage",
    field="stage",
    initial=Stage.LEAD,
    labels=dict(Stage.choices),
    moves=_stage_moves(),
)

STANDING_MACHINE = Machine(
    "projects.standing",
    field="standing",
    initial=Standing.RUNNING,
    labels=dict(Standing.choices),
    moves=[
        aside(
            "pause",
            frozenset({Standing.RUNNING}),
            Standing.PAUSED,
            pgettext_lazy("project move", "Pause"),
            permissions.can_stop,
            icon="player-pause",
        ),
        aside(
            "resume",
            frozenset({Standing.PAUSED, Standing.TERMINATED}),
            Standing.RUNNING,
            pgettext_lazy("project move", "Take up again"),
            permissions.can_stop,
            icon="player-play",
        ),
        aside(
            "terminate",
            frozenset({Standing.RUNNING, Standing.PAUSED}),
            Standing.TERMINATED,
            pgettext_lazy("project move", "Terminate"),
            permissions.can_stop,
            icon="ban",
            tone=Tone.DANGER,
        ),
        aside(
            "remove",
            frozenset({Standing.RUNNING, Standing.PAUSED, Standing.TERMINATED}),
            Standing.REMOVED,
            pgettext_lazy("project move", "Remove, entered by mistake"),
            permissions.can_stop,
            icon="trash",
            tone=Tone.DANGER,
        ),
    ],
)


def _open_predecessors(item: Any) -> list[Missing]:
    """Name the rows that must be done first."""
    rows = [row for row in item.predecessors.all() if row.is_open]
    return [Missing(f"predecessor_{row.pk}", row.what) for row in rows]


ITEM_MACHINE = Machine(
    "projects.list_item",
    initial=ItemStatus.OPEN,
    labels=dict(ItemStatus.choices),
    moves=[
        Move(
            "finish",
            frozenset({ItemStatus.OPEN}),
            ItemStatus.DONE,
            pgettext_lazy("list item move", "Done"),
            permissions.can_finish_item,
            icon="check",
            asks=(
                ask_text("note", _("What was delivered")),
                ask_files("evidence", _("Evidence"), required=False),
            ),
            requires=_open_predecessors,
        ),
        aside(
            "drop",
            frozenset({ItemStatus.OPEN}),
            ItemStatus.DROPPED,
            pgettext_lazy("list item move", "Drop"),
            permissions.can_keep_item,
            icon="x",
        ),
        aside(
            "reopen",
            frozenset({ItemStatus.DONE, ItemStatus.DROPPED}),
            ItemStatus.OPEN,
            pgettext_lazy("list item move", "Reopen"),
            permissions.can_keep_item,
            icon="refresh",
        ),
        Move(
            "undo",
            frozenset({ItemStatus.DONE, ItemStatus.DROPPED}),
            ItemStatus.OPEN,
            pgettext_lazy("list item move", "Undo"),
            permissions.can_finish_item,
            icon="arrow-back-up",
            tone=Tone.ASIDE,
            hidden=True,
        ),
    ],
)

A = ApprovalStatus
APPROVAL_MACHINE = Machine(
    "projects.approval",
    initial=A.DRAFTED,
    labels=dict(A.choices),
    moves=[
        Move(
            "entrust",
            frozenset({A.DRAFTED}),
            A.ENTRUSTED,
            _("Entrust"),
            permissions.can_push,
        ),
        Move(
            "gather",
            frozenset({A.ENTRUSTED}),
            A.MATERIALS,
            _("Gather materials"),
            permissions.can_push,
        ),
        Move("accept", frozenset({A.MATERIALS}), A.ACCEPTED, _("Accept"), permissions.can_decide),
        Move(
            "report",
            frozenset({A.DRAFTED}),
            A.ACCEPTED,
            _("Accepted from the enterprise itself"),
            permissions.can_decide,
            hidden=True,
        ),
        Move(
            "review",
            frozenset({A.ACCEPTED}),
            A.UNDER_REVIEW,
            _("Begin review"),
            permissions.can_decide,
        ),
        Move(
            "decide",
            frozenset({A.UNDER_REVIEW}),
            A.DECIDED,
            _("Decide"),
            permissions.can_decide,
            icon="check",
            asks=(ask_line("result_number", _("Certificate number")),),
        ),
        aside(
            "stop_clock",
            frozenset({A.ACCEPTED, A.UNDER_REVIEW}),
            A.PAUSED,
            _("Stop the clock"),
            permissions.can_decide,
            icon="player-pause",
        ),
        Move(
            "resume",
            frozenset({A.PAUSED}),
            A.UNDER_REVIEW,
            _("Resume"),
            permissions.can_decide,
            icon="player-play",
        ),
        aside(
            "refuse",
            frozenset({A.UNDER_REVIEW, A.ACCEPTED}),
            A.REFUSED,
            _("Refuse"),
            permissions.can_decide,
            icon="ban",
        ),
        Move("deliver", frozenset({A.DECIDED}), A.DELIVERED, _("Deliver"), permissions.can_deliver),
        Move("rate", frozenset({A.DELIVERED}), A.RATED, _("Rate"), permissions.can_rate),
    ],
)

RELIEF_MACHINE = Machine(
    "projects.zero_burden",
    initial=DecisionStatus.PROPOSED,
    labels=dict(DecisionStatus.choices),
    moves=[
        Move(
            "decide",
            frozenset({DecisionStatus.PROPOSED}),
            DecisionStatus.IN_FORCE,
            _("Put into force"),
            permissions.can_put_into_force,
            icon="check",
        ),
        aside(
            "revoke",
            frozenset({DecisionStatus.PROPOSED, DecisionStatus.IN_FORCE}),
            DecisionStatus.REVOKED,
            _("Revoke"),
            permissions.can_decide_fees,
            icon="ban",
            tone=Tone.DANGER,
        ),
    ],
)

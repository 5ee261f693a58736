"""State machines as tables: the row is locked, the move checked, one log row written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records.models import StoredFile, Transition


class MoveRefused(UserFacingError):
    """The move does not start from the record's state, or lacks its reason or evidence."""

    status = 409


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from which states, to which, who may, what must be shown."""

    name: str
    sources: frozenset[str]
    target: str
    label: str | Promise
    allowed: Callable[[Actor, Any], bool]
    needs_reason: bool = False
    needs_evidence: bool = False


class Machine:
    """A named table of moves over one field of one kind of record."""

    registry: dict[str, "Machine"] = {}

    def __init__(
        self,
        key: str,
        *,
        initial: str,
        labels: Mapping[str, str | Promise],
        moves: Iterable[Move],
        field: str = "status",
    ) -> None:
        self.key, self.initial, self.labels, self.field = key, initial, dict(labels), field
        self.moves = {move.name: move for move in moves}
        for move in self.moves.values():
            unknown = ({move.target} | move.sources) - self.labels.keys()
            if unknown:
                raise ValueError(f"{key}.{move.name} names unknown states: {sorted(unknown)}")
        Machine.registry[key] = self

    def state_label(self, state: str) -> str:
        """Return the words for a state."""
        return str(self.labels[state])

    def available(self, actor: Actor, obj: models.Model) -> list[Move]:
        """Return the moves the actor may make now; the screens draw their buttons from it."""
        state = getattr(obj, self.field)
        return [
            move
            for move in self.moves.values()
            if state in move.sources and move.allowed(actor, obj)
        ]

    def reachable(self) -> set[str]:
        """Return the states that can be reached from the initial one."""
        seen = {self.initial}
        while True:
            found = {m.target for m in self.moves.values() if m.sources & seen} - seen
            if not found:
                return seen
            seen |= found

    def check(
        self, obj: models.Model, move: Move, *, actor: Actor, reason: str, evidence: Iterable[Any]
    ) -> None:
        """Raise the sentence that says why a move is refused; return when it is not."""
        state = getattr(obj, self.field)
        if state not in move.sources:
            raise MoveRefused(
                _("“%(move)s” is not possible while the state is “%(state)s”. Reload the page.")
                % {"move": move.label, "state": self.state_label(state)}
            )
        if not move.allowed(actor, obj):
            raise NotAllowedError(_("“%(move)s” is not yours to do here.") % {"move": move.label})
        if move.needs_reason and not reason.strip():
            raise MoveRefused(_("Say why: “%(move)s” needs a reason.") % {"move": move.label})
        if move.needs_evidence and not list(evidence):
            raise MoveRefused(
                _("“%(move)s” needs evidence: add a photo or a file.") % {"move": move.label}
            )

    @transaction.atomic
    def apply(
        self,
        obj: models.Model,
        name: str,
        *,
        actor: Actor,
        at: datetime,
        reason: str = "",
        evidence: Iterable[StoredFile] = (),
        captured_at: datetime | None = None,
        set_fields: Mapping[str, Any] | None = None,
    ) -> Transition:
        """Lock the row, check the move, change the state and write one log row.

        `set_fields` are columns that change together with the state (such as `closed_at`).
        Raises MoveRefused or NotAllowedError; then nothing has changed.
        """
        move, evidence = self.moves[name], list(evidence)
        model = type(obj)
        locked = model._base_manager.select_for_update(of=("self",)).get(pk=obj.pk)
        self.check(locked, move, actor=actor, reason=reason, evidence=evidence)
        before = getattr(locked, self.field)
        changes = {self.field: move.target, **(set_fields or {})}
        if hasattr(locked, "updated_at"):
            changes.setdefault("updated_at", at)
        model._base_manager.filter(pk=obj.pk).update(**changes)
        for field, value in changes.items():
            setattr(obj, field, value)
        row = Transition.objects.create(
            machine=self.key,
            target_type=ContentType.objects.get_for_model(model),
            target_id=obj.pk,
            move=name,
            from_state=before,
            to_state=move.target,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=at,
            captured_at=captured_at,
            reason=reason,
        )
        row.evidence.set(evidence)
        return row


def history(obj: models.Model) -> models.QuerySet[Transition]:
    """Return the record's moves, oldest first, with their evidence."""
    return (
        Transition.objects.filter(
            target_type=ContentType.objects.get_for_model(type(obj)), target_id=obj.pk
        )
        .select_related("actor")
        .prefetch_related("evidence")
    )

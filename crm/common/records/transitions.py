"""State machines as tables: the row is locked, the move judged on it, one log row written.

A new move is one row of one file: from where, to where, its words and icon, who may, what it
requires of the record, what it asks of the person. Buttons, forms, the check, the panel of
what is missing and the log all follow from that row.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from crm.common.days.clock import SHANGHAI
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records.asks import EVIDENCE, REASON, Ask, Words, ask_reason
from crm.common.records.models import StoredFile, Transition

M = TypeVar("M", bound=models.Model)
BEGIN = "begin"


class MoveRefused(UserFacingError):
    """The move does not start from the record's state, or lacks what it requires."""

    status = 409


class StaleMove(MoveRefused):
    """Somebody else moved or changed the record first; the text says who did what."""


class Tone(StrEnum):
    """How a move is drawn: the way on, a way aside or back, a way nobody takes by mistake."""

    FORWARD = ""
    ASIDE = "aside"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing a move requires and the record lacks: the field it is entered in, in words."""

    name: str
    label: Words


def nothing_missing(_obj: Any) -> tuple[Missing, ...]:
    """Require nothing."""
    return ()


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from which states, to which, in which words, who may, what it needs.

    `requires` is a function of the locked record that names what is missing. `asks` are the
    inputs of its form: without any, the move posts from its button. `done` says what happened
    ("Advanced to Land"). A move with `hidden` is made by a service only, never by a button.
    """

    name: str
    sources: frozenset[str]
    target: str
    label: Words
    allowed: Callable[[Actor, Any], bool]
    icon: str = "arrow-right"
    asks: tuple[Ask, ...] = ()
    requires: Callable[[Any], Iterable[Missing]] = nothing_missing
    needs_reason: bool = False
    needs_evidence: bool = False
    done: Words = ""
    tone: Tone = Tone.FORWARD
    hidden: bool = False

    @property
    def reason_needed(self) -> bool:
        """Whether the move is refused without a reason."""
        return self.needs_reason or self._asks_for(REASON)

    @property
    def evidence_needed(self) -> bool:
        """Whether the move is refused without evidence."""
        return self.needs_evidence or self._asks_for(EVIDENCE)

    def _asks_for(self, name: str) -> bool:
        return any(ask.name == name and ask.required for ask in self.asks)


Changes = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]


class Machine:
    """A named table of moves over one field of one kind of record.

    `services` maps a move to the service that makes it, filled by `makes`.
    """

    def __init__(
        self,
        key: str,
        *,
        initial: str,
        labels: Mapping[str, Words],
        moves: Iterable[Move],
        field: str = "status",
    ) -> None:
        self.key, self.initial, self.labels, self.field = key, initial, dict(labels), field
        self.moves = {move.name: move for move in moves}
        self.services: dict[str, Callable[..., Any]] = {}
        for move in self.moves.values():
            unknown = ({move.target} | move.sources) - set(self.labels)
            if unknown:
                raise ValueError(f"{key}.{move.name} names unknown states: {sorted(unknown)}")
        MACHINES[key] = self

    # --- the table ----------------------------------------------------------
    def state_label(self, state: str) -> str:
        """Return the words for a state."""
        return str(self.labels[state])

    def state_of(self, obj: models.Model) -> str:
        """Return the record's state."""
        return str(getattr(obj, self.field))

    def available(self, actor: Actor, obj: models.Model) -> list[Move]:
        """Return the moves the actor may make now; the screens draw their buttons from it."""
        state = self.state_of(obj)
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

    def makes(self, *names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the service that makes these moves; their `asks` are its arguments."""

        def register(service: Callable[..., Any]) -> Callable[..., Any]:
            for name in names:
                self.services[self.moves[name].name] = service
            return service

        return register

    # --- judging ------------------------------------------------------------
    def check(
        self,
        obj: models.Model,
        move: Move,
        *,
        actor: Actor,
        reason: str = "",
        evidence: Iterable[Any] = (),
    ) -> None:
        """Raise the sentence that says why a move is refused; return when it is not."""
        state = self.state_of(obj)
        if state not in move.sources:
            raise MoveRefused(
                _("“%(move)s” is not possible while the state is “%(state)s”. Reload the page.")
                % {"move": move.label, "state": self.state_label(state)}
            )
        if not move.allowed(actor, obj):
            raise NotAllowedError(_("“%(move)s” is not yours to do here.") % {"move": move.label})
        if lacking := list(move.requires(obj)):
            raise MoveRefused(
                _("“%(move)s” still lacks: %(what)s.")
                % {"move": move.label, "what": _(", ").join(str(one.label) for one in lacking)}
            )
        if move.reason_needed and not reason.strip():
            raise MoveRefused(_("Say why: “%(move)s” needs a reason.") % {"move": move.label})
        if move.evidence_needed and not list(evidence):
            raise MoveRefused(
                _("“%(move)s” needs evidence: add a photo or a file.") % {"move": move.label}
            )

    def check_version(self, locked: Any, version: int | None) -> None:
        """Refuse a form that was opened on another version, saying who did what since."""
        if version is None or locked.version == version:
            return
        last = history(locked).order_by("-at", "-pk").first()
        what = self._told(last) if last is not None else ""
        raise StaleMove(
            _("Somebody else changed this record since you opened it.%(what)s Look again.")
            % {"what": what}
        )

    def _told(self, row: Transition) -> str:
        who = row.actor.display_name if row.actor else row.actor_name
        labels = MACHINES[row.machine].labels if row.machine in MACHINES else {}
        return _(" %(who)s put it to “%(state)s” at %(at)s.") % {
            "who": who,
            "state": labels.get(row.to_state, row.to_state),
            "at": f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        }

    # --- moving -------------------------------------------------------------
    @transaction.atomic
    def apply(
        self,
        obj: models.Model,
        name: str,
        *,
        actor: Actor,
        at: datetime,
        version: int | None = None,
        reason: str = "",
        evidence: Iterable[StoredFile] = (),
        captured_at: datetime | None = None,
        changes: Changes | None = None,
    ) -> Transition:
        """Lock the row, judge the move on it, change the state and write one log row.

        `version` is the one the form was opened on. `changes` are columns that change together
        with the state (such as `closed_at`), or a function of the locked row that returns
        them. The caller's copy is brought up to date. Raises StaleMove, MoveRefused or
        NotAllowedError; then nothing has changed.
        """
        if name not in self.moves:
            raise MoveRefused(_("There is no such step."))
        move, evidence = self.moves[name], list(evidence)
        locked: Any = lock(obj)
        self.check_version(locked, version)
        self.check(locked, move, actor=actor, reason=reason, evidence=evidence)
        before = self.state_of(locked)
        also = changes(locked) if callable(changes) else changes or {}
        values: dict[str, Any] = {self.field: move.target, **also}
        if hasattr(locked, "updated_at"):
            values.setdefault("updated_at", at)
        if hasattr(locked, "version"):
            values["version"] = locked.version + 1
        type(obj)._base_manager.filter(pk=obj.pk).update(**values)
        _bring_up_to_date(obj, locked, values)
        row = self._row(obj, name, before, move.target, actor, at, reason)
        row.captured_at = captured_at
        row.save(force_insert=True)
        if evidence:
            row.evidence.set(evidence)
        return row

    def begin(
        self, obj: models.Model, *, actor: Actor, at: datetime, captured_at: datetime | None = None
    ) -> Transition:
        """Write the log's first row of a new record: from here "state on a day" is a query."""
        row = self._row(obj, BEGIN, "", self.state_of(obj), actor, at, "")
        row.captured_at = captured_at
        row.save(force_insert=True)
        return row

    def begin_many(self, made: Iterable[models.Model], *, actor: Actor, at: datetime) -> None:
        """Write the first rows of many new records in one statement."""
        self.begin_each(((obj, at) for obj in made), actor=actor)

    def begin_each(self, made: Iterable[tuple[models.Model, datetime]], *, actor: Actor) -> None:
        """Write the first rows of new records that began at different moments."""
        rows = [self._row(obj, BEGIN, "", self.state_of(obj), actor, at, "") for obj, at in made]
        Transition.objects.bulk_create(rows, batch_size=500)

    def log_row(
        self, obj: models.Model, name: str, *, actor: Actor, at: datetime, reason: str
    ) -> Transition:
        """Return the log's row of a move that is about to be made, for whoever moves many."""
        move = self.moves[name]
        return self._row(obj, name, self.state_of(obj), move.target, actor, at, reason)

    def _row(
        self,
        obj: models.Model,
        name: str,
        before: str,
        after: str,
        actor: Actor,
        at: datetime,
        reason: str,
    ) -> Transition:
        return Transition(
            machine=self.key,
            target_type=ContentType.objects.get_for_model(type(obj)),
            target_id=obj.pk,
            move=name,
            from_state=before,
            to_state=after,
            actor_id=actor.user_id,
            actor_name=actor.name,
            at=at,
            reason=reason,
        )

    # --- the past -----------------------------------------------------------
    def on(self, rows: QuerySet[M], moment: datetime) -> QuerySet[Any]:
        """Annotate rows with `state_then`: the state each had just before a moment.

        It is empty for a record that did not exist yet.
        """
        log = Transition.objects.filter(
            machine=self.key,
            target_type=ContentType.objects.get_for_model(rows.model),
            target_id=OuterRef("pk"),
            at__lt=moment,
        ).order_by("-at", "-pk")
        return rows.annotate(state_then=Subquery(log.values("to_state")[:1]))


MACHINES: dict[str, Machine] = {}


def lock(obj: M) -> M:
    """Return the record fresh from the database, its row locked until the transaction ends."""
    manager: Any = type(obj)._base_manager
    found: M = manager.select_for_update(of=("self",)).get(pk=obj.pk)
    return found


def aside(
    name: str,
    sources: frozenset[str],
    target: str,
    label: Words,
    allowed: Callable[[Actor, Any], bool],
    *,
    asks: tuple[Ask, ...] = (),
    tone: Tone = Tone.ASIDE,
    **more: Any,
) -> Move:
    """Return a move off the way on: it asks for a reason and is never a page's main button."""
    asked = (*asks, ask_reason())
    return Move(name, sources, target, label, allowed, asks=asked, tone=tone, **more)


def move_of(row: Transition) -> Move | None:
    """Return the table's row of a logged move; None for a beginning or a move since struck."""
    machine = MACHINES.get(row.machine)
    return machine.moves.get(row.move) if machine else None


def _bring_up_to_date(obj: Any, locked: Any, values: Mapping[str, Any]) -> None:
    for column in obj._meta.concrete_fields:
        setattr(obj, column.attname, getattr(locked, column.attname))
    for name, value in values.items():
        setattr(obj, name, value)


def history(obj: models.Model) -> models.QuerySet[Transition]:
    """Return the record's moves, oldest first, with their evidence."""
    return (
        Transition.objects.filter(
            target_type=ContentType.objects.get_for_model(type(obj)), target_id=obj.pk
        )
        .select_related("actor")
        .prefetch_related("evidence")
    )

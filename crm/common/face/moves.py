"""Moves on a page: which are offered, their forms, and the answer to one that was posted."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from crm.common.days import clock
from crm.common.errors import UserFacingError
from crm.common.http import Request
from crm.common.people.actor import Actor
from crm.common.records.transitions import Machine, Missing, Move, Tone


class MoveForm(forms.Form):
    """The inputs of one move, and the version of the record the form was opened on."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, move: Move, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{move.name}_%s")
        super().__init__(*args, **kwargs)
        self.move = move
        for ask in move.asks:
            self.fields[ask.name] = ask.field()

    @property
    def has_files(self) -> bool:
        """Whether the form sends files."""
        return self.is_multipart()


@dataclass(frozen=True, slots=True)
class Offer:
    """One move as a page offers it: a button, or a form behind a button.

    `missing` names what the record still lacks for it; the move is then shown, not offered.
    """

    move: Move
    form: MoveForm
    missing: tuple[Missing, ...] = ()
    open: bool = False
    primary: bool = False

    @property
    def name(self) -> str:
        """The move's name, as its address has it."""
        return self.move.name

    @property
    def label(self) -> str:
        """The words of the button."""
        return str(self.move.label)

    @property
    def icon(self) -> str:
        """The icon of the button."""
        return self.move.icon

    @property
    def missing_words(self) -> str:
        """What the record still lacks for it, in words."""
        return _(", ").join(str(one.label) for one in self.missing)

    @property
    def has_fields(self) -> bool:
        """Whether anything is asked beyond the button."""
        return bool(self.move.asks)


def offers(
    machine: Machine,
    actor: Actor,
    obj: models.Model,
    *,
    bound: MoveForm | None = None,
    initial: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Offer]:
    """Return the moves the actor may make now, in the table's order.

    The first that leads on is primary. `bound` is a form that was refused and is shown again;
    `initial` gives first values by move.
    """
    version = getattr(obj, "version", None)
    made: list[Offer] = []
    for move in machine.available(actor, obj):
        if move.hidden:
            continue
        again = bound if bound is not None and bound.move.name == move.name else None
        first = {"version": version, **(initial or {}).get(move.name, {})}
        form = again or MoveForm(move=move, initial=first)
        missing = tuple(move.requires(obj))
        primary = move.tone is Tone.FORWARD and not any(one.primary for one in made)
        made.append(Offer(move, form, missing, open=again is not None, primary=primary))
    return made


def answer(
    request: Request,
    machine: Machine,
    obj: models.Model,
    name: str,
    *,
    subject: str,
    again: Callable[[MoveForm, str, int], HttpResponse],
    done: Callable[[], HttpResponse],
) -> HttpResponse:
    """Make one posted move through its service.

    `subject` is the service's argument for the record. What cannot be done goes to `again`
    with the form, the sentence and the status; afterwards `done` answers.
    """
    if name not in machine.services:
        raise Http404(_("There is no such step."))
    move = machine.moves[name]
    form = MoveForm(request.POST, request.FILES, move=move)
    if not form.is_valid():
        return again(form, "", 422)
    data = {ask.name: form.cleaned_data[ask.name] for ask in move.asks}
    try:
        machine.services[name](
            actor=request.actor,
            at=clock.now(),
            version=form.cleaned_data["version"],
            **{subject: obj},
            **data,
        )
    except UserFacingError as problem:
        return again(form, str(problem.message), problem.status)
    label = str(move.done or move.label)
    messages.success(request, label if move.done else _("Done: %(move)s.") % {"move": label})
    return done()


def lacking(found: Iterable[Offer]) -> list[Missing]:
    """Return everything the offered moves still lack, each thing once."""
    return list({one.name: one for offer in found for one in offer.missing}.values())

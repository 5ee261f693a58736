"""What a move asks of the person who makes it: the inputs of its form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

Words = Any  # a text, or a lazy translation of one
REASON, EVIDENCE = "reason", "evidence"


@dataclass(frozen=True, slots=True)
class Ask:
    """One input of a move: `name` is the service's argument, `field` makes the form field.

    An `Ask` called `reason` or `evidence` is what the machine itself checks and keeps.
    """

    name: str
    field: Callable[[], forms.Field]

    @property
    def required(self) -> bool:
        """Whether the move is refused without it."""
        return self.field().required


def ask_text(name: str, label: Words, *, required: bool = True, rows: int = 2) -> Ask:
    """Return an input for a few lines of text."""
    return Ask(
        name,
        lambda: forms.CharField(
            label=label,
            max_length=2000,
            required=required,
            widget=forms.Textarea(attrs={"rows": rows}),
        ),
    )


def ask_line(name: str, label: Words, *, required: bool = True, longest: int = 60) -> Ask:
    """Return an input for one line of text."""
    return Ask(name, lambda: forms.CharField(label=label, max_length=longest, required=required))


def ask_day(name: str, label: Words, *, required: bool = True) -> Ask:
    """Return an input for a day."""
    return Ask(
        name,
        lambda: forms.DateField(
            label=label, required=required, widget=forms.DateInput(attrs={"type": "date"})
        ),
    )


def ask_reason(label: Words = "", *, rows: int = 3) -> Ask:
    """Return the input for the reason a move needs."""
    return ask_text(REASON, label or gettext_lazy("Reason"), rows=rows)

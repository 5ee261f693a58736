"""Form fields and inputs of moves that Django does not bring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.records.asks import Ask, Words


class MultipleFileInput(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Several uploads; what is inside them is checked when they are stored."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", MultipleFileInput())
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check each file and return them all."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given:
            super().clean(None, initial)
            return []
        return [super(MultipleFileField, self).clean(one, initial) for one in given]


def ask_files(name: str, label: Words, *, required: bool = True, help_text: Words = "") -> Ask:
    """Return an input for photos and documents."""
    return Ask(
        name,
        lambda: MultipleFileField(
            label=label,
            required=required,
            help_text=help_text,
            error_messages={"required": _("Add a photo or a document that shows it is done.")},
        ),
    )

"""Form fields and inputs of moves that Django does not bring."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.http import whole_number
from crm.common.money import fen_from_wan
from crm.common.records.asks import Ask, Words

_BETWEEN = re.compile(r"[、，,;；\n]+")
LONGEST_NAME, MOST_NAMES = 40, 60
MOMENT = "%Y-%m-%dT%H:%M"


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


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows to choose from; a number no row can have is no choice, not a broken page."""

    def clean(self, value: Any) -> Any:
        """Return the rows chosen; names what is none of them."""
        named = value if isinstance(value, list | tuple) else []
        for text in named:
            if whole_number(str(text)) is None:
                wrong = self.error_messages["invalid_pk_value"]
                raise forms.ValidationError(
                    wrong, code="invalid_pk_value", params={"pk": str(text)[:20]}
                )
        return super().clean(value)


class WanField(forms.DecimalField):
    """Money as people type it, in ten thousand yuan; cleaned to 分."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_digits=14, decimal_places=6, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show stored 分 in ten thousand yuan."""
        return f"{Decimal(value) / 1_000_000:f}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return 分, or None when nothing was typed."""
        wan = super().clean(value)
        return None if wan is None else fen_from_wan(wan)


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


class MomentField(forms.DateTimeField):
    """A day and a time, as the browser's own control sends it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        )
        super().__init__(**kwargs)


class NamesField(forms.CharField):
    """Names in one line, parted by commas; cleaned to a list without doubles."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 1000)
        kwargs.setdefault("help_text", _("Names, parted by commas."))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the names; refuses one too long and too many of them."""
        text = super().clean(value)
        names = list(dict.fromkeys(filter(None, (one.strip() for one in _BETWEEN.split(text)))))
        if len(names) > MOST_NAMES or any(len(one) > LONGEST_NAME for one in names):
            raise forms.ValidationError(
                _("At most %(n)s names of at most %(long)s characters.")
                % {"n": MOST_NAMES, "long": LONGEST_NAME}
            )
        return names


def ask_moment(name: str, label: Words) -> Ask:
    """Return an input for a day and a time."""
    return Ask(name, lambda: MomentField(label=label))


def ask_names(name: str, label: Words, *, required: bool = True) -> Ask:
    """Return an input for names."""
    return Ask(name, lambda: NamesField(label=label, required=required))

"""Form fields and inputs of moves that Django does not bring."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.http import whole_number
from crm.common.money import fen_from_wan
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

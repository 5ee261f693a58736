"""Two people saving one record: the later one chooses, field by field, and saves on top.

A form that was opened on a version carries what stood in its fields then. When somebody else was
faster, each field in which what is stored and what was entered differ is shown with both; a field
only one of them touched has its change chosen already, one that both touched is for the person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.models import ModelChoiceField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

THEIRS, MINE = "theirs", "mine"
_ITSELF = ("version", "opened")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it is stored now and as it was entered; `keep` is what is chosen so far."""

    name: str
    label: str | Promise
    theirs: str
    mine: str
    keep: str = ""

    @property
    def keeps_theirs(self) -> bool:
        """Whether what is stored stays."""
        return self.keep == THEIRS

    @property
    def keeps_mine(self) -> bool:
        """Whether what was entered is saved."""
        return self.keep == MINE


class VersionedForm(forms.Form):
    """The fields of a record, the version they were opened on, and what they said then.

    `initial` is what is stored now, with its `version`; without a version the record is new.
    While it `chooses`, all fields are hidden and `differences` are asked; `keeps_theirs` says that
    of all that differed nothing entered was chosen.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.differences: list[Difference] = []
        self.chooses = self.keeps_theirs = False
        self._undecided: list[str] = []

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """Return what is stored now; of a form that is opened, all of it for later."""
        if field_name == "opened":
            return self._opened_now() if "version" in self.initial else ""
        return super().get_initial_for_field(field, field_name)

    def full_clean(self) -> None:
        """Put what was chosen into what was entered, then check it."""
        if self.is_bound and not self.chooses:
            self._take_choices()
        super().full_clean()

    def _take_choices(self) -> None:
        sent = self._sent()
        asked = [name for name in sent.getlist("asked") if name in self.fields]
        keep = {name: sent.get(f"keep-{name}") for name in asked}
        self._undecided = [name for name in asked if keep[name] not in (THEIRS, MINE)]
        if self._undecided:
            return
        self.keeps_theirs = bool(asked) and MINE not in keep.values()
        for name in asked:
            if keep[name] == THEIRS:
                sent.setlist(name, self._stored(name))
        self.data = sent

    def clean(self) -> dict[str, Any]:
        """Refuse while a field both have changed is not decided."""
        data = super().clean() or {}
        if self._undecided:
            names = _(", ").join(str(self.fields[name].label) for name in self._undecided)
            self.choose(self.initial)
            raise forms.ValidationError(_("Choose what stays: %s.") % names)
        return data

    def choose(self, now: Mapping[str, Any]) -> None:
        """Show what is stored now beside what was entered; the next try is on top of it."""
        self.initial = {**self.initial, **now}
        sent = self._sent()
        try:
            opened = json.loads(sent.get("opened") or "{}")
        except ValueError:
            opened = {}
        if not isinstance(opened, dict):
            opened = {}
        self.differences = [
            self._difference(name, opened.get(name), sent)
            for name in self.fields
            if name not in _ITSELF and self._stored(name) != self._entered(name, sent)
        ]
        sent["version"], sent["opened"] = str(self.initial.get("version", "")), self._opened_now()
        self.data = sent
        self.chooses = True
        for field in self.fields.values():
            field.widget = field.hidden_widget()

    def _difference(self, name: str, opened: Any, sent: QueryDict) -> Difference:
        stored, entered = self._stored(name), self._entered(name, sent)
        keep = sent.get(f"keep-{name}", "")
        if keep not in (THEIRS, MINE) and name not in self._undecided:
            keep = MINE if opened == stored else THEIRS if opened == entered else ""
        field = self.fields[name]
        label = field.label or name
        return Difference(name, label, _words(field, stored), _words(field, entered), keep)

    def _sent(self) -> QueryDict:
        if isinstance(self.data, QueryDict):
            return self.data.copy()
        sent = QueryDict(mutable=True)
        for name, value in self.data.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        return sent

    def _opened_now(self) -> str:
        stored = {name: self._stored(name) for name in self.fields if name not in _ITSELF}
        return json.dumps(stored, ensure_ascii=False)

    def _stored(self, name: str) -> list[str]:
        """Return what a browser sends when it leaves the stored value as it is."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field, forms.BooleanField):
            return ["on"] if value else []
        shown = field.widget.format_value(value)  # type: ignore[attr-defined]
        if isinstance(shown, list | tuple):
            return sorted(str(one) for one in shown)
        return [_one_line_end(str(shown)).strip()] if shown not in (None, "") else [""]

    def _entered(self, name: str, sent: QueryDict) -> list[str]:
        field = self.fields[name]
        value = field.widget.value_from_datadict(sent, self.files, name)
        if isinstance(field, forms.BooleanField):
            return ["on"] if value else []
        if isinstance(value, list | tuple):
            return sorted(str(one) for one in value)
        return [_one_line_end(str(value or "")).strip()]


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n")


def _words(field: forms.Field, sent: list[str]) -> str:
    """Return a value as people read it."""
    if isinstance(field, forms.BooleanField):
        return _("Yes") if sent else _("No")
    chosen = [one for one in sent if one]
    if isinstance(field, ModelChoiceField):
        try:
            rows = list(field.queryset.filter(pk__in=chosen))  # type: ignore[union-attr]
        except (ValueError, OverflowError):
            rows = []
        chosen = [str(field.label_from_instance(row)) for row in rows] or chosen
    elif isinstance(field, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}  # type: ignore[misc, union-attr]
        chosen = [labels.get(one, one) for one in chosen]
    return _(", ").join(chosen) or "—"

"""Forms of the profile room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.models import Department
from profiles.enums import CheckOutcome


class ImportForm(forms.Form):
    """A department's table."""

    department = forms.ModelChoiceField(
        Department.objects.filter(active=True), label=_("Department")
    )
    file = forms.FileField(label=_("File (XLSX, XLS or CSV)"))
    month = forms.DateField(
        label=_("Month, where the file does not say it"),
        required=False,
        input_formats=["%Y-%m"],
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    dry_run = forms.BooleanField(label=_("Only check, store nothing"), required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Department.objects.filter(active=True, pk__in=actor.department_ids)
        self.fields["department"].queryset = own  # type: ignore[attr-defined]
        self.initial.setdefault("department", actor.department_id)


class AnswersForm(forms.Form):
    """What an import asked about its table: one choice a question, none taken for granted."""

    def __init__(self, questions: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = {f"question-{number}": row["key"] for number, row in enumerate(questions)}
        for name, row in zip(self._keys, questions, strict=True):
            place = " ".join(part for part in (row["sheet"], row["cell"]) if part)
            self.fields[name] = forms.ChoiceField(
                label=f"{place} {row['text']}".strip(),
                choices=[(one["key"], one["text"]) for one in row["choices"]],
                widget=forms.RadioSelect,
            )

    @property
    def answers(self) -> dict[str, str]:
        """The answers by the questions' keys."""
        return {key: self.cleaned_data[name] for name, key in self._keys.items()}


class ConsentForm(forms.Form):
    """Who signs; on paper, the signed sheet."""

    signed_by = forms.CharField(max_length=40, label=_("Signed by"))
    sheet = forms.FileField(label=_("Signed sheet (picture or PDF)"))

    def __init__(self, *args: Any, with_sheet: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_sheet:
            del self.fields["sheet"]


class WithdrawForm(forms.Form):
    """Why a consent is taken back."""

    reason = forms.CharField(max_length=200, label=_("Reason"))


class CheckForm(forms.Form):
    """What came of looking into a warning."""

    outcome = forms.ChoiceField(
        choices=[one for one in CheckOutcome.choices if one[0] != CheckOutcome.ISSUE],
        label=_("Outcome"),
    )
    note = forms.CharField(max_length=200, required=False, label=_("What was found"))


class LabelForm(forms.Form):
    """A label from a day on: its name, its rule, whether it is in use."""

    name = forms.CharField(max_length=40, label=_("Name"))
    rule = forms.JSONField(
        label=_("Rule"), widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"})
    )
    effective_from = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )
    in_use = forms.BooleanField(label=_("In use"), required=False)

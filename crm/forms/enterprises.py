"""Forms of the enterprise room: the shape of what is typed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import today
from crm.common.face.conflicts import VersionedForm
from crm.common.face.fields import MultipleFileField, MultipleFileInput, WanField
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.files import EVIDENCE
from crm.enums import EnterpriseType, RegistrationStatus, RevealPurpose, VisitPurpose
from crm.models import Area, Enterprise, Industry
from crm.rules import USUAL_QUESTIONS, clean_uscc
from crm.services.enterprises import uscc_sentence


def _answer(label: Any) -> forms.CharField:
    """Return the place for an answer, which nobody has to fill."""
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, widget=widget, max_length=1000)


class EnterpriseForm(VersionedForm):
    """Master data that may be changed at any time."""

    area = forms.ModelChoiceField(Area.objects.all(), label=_("Area"))
    industry = forms.ModelChoiceField(Industry.objects.all(), label=_("Industry"), required=False)
    legal_representative = forms.CharField(
        max_length=40, label=_("Legal representative"), required=False
    )
    enterprise_type = forms.ChoiceField(choices=EnterpriseType.choices, label=_("Type"))
    registered_capital_fen = WanField(
        label=_("Registered capital (ten thousand yuan)"), required=False
    )
    established_on = forms.DateField(
        label=_("Established on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    address = forms.CharField(max_length=200, label=_("Address"), required=False)
    status = forms.ChoiceField(choices=RegistrationStatus.choosable, label=_("Status"))


class RegisterForm(EnterpriseForm):
    """A new enterprise: code and name besides the rest."""

    uscc = forms.CharField(max_length=40, label=_("Unified social credit code"))
    name = forms.CharField(max_length=120, label=_("Name"))
    field_order = ("uscc", "name")

    def clean_uscc(self) -> str:
        """Fold and check the code; the sentence stands under the field."""
        code = clean_uscc(self.cleaned_data["uscc"])
        if sentence := uscc_sentence(code):
            raise forms.ValidationError(sentence)
        return code


class RenameForm(VersionedForm):
    """The new name of an enterprise."""

    name = forms.CharField(max_length=120, label=_("New name"))


class ContactForm(VersionedForm):
    """A person to call."""

    name = forms.CharField(max_length=40, label=_("Name"))
    title = forms.CharField(max_length=40, label=_("Position"), required=False)
    phone = forms.RegexField(
        r"^[0-9+][0-9 -]{5,18}$",
        max_length=20,
        label=_("Phone"),
        required=False,
        error_messages={"invalid": _("Enter the number in digits, such as 0728-5223344.")},
    )
    email = forms.EmailField(label=_("Mail"), required=False)
    is_primary = forms.BooleanField(label=_("First to call"), required=False)


class RevealForm(forms.Form):
    """What a full number is needed for; an auditor names the case."""

    purpose = forms.ChoiceField(choices=RevealPurpose.askable, label=_("What for"))
    case_number = forms.CharField(max_length=40, label=_("Case number"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        daily = actor.has(Role.AGENT, Role.LEAD, Role.HANDLER)
        del self.fields["case_number" if daily else "purpose"]


class MergeForm(forms.Form):
    """The duplicate, by its code, and how one knows."""

    duplicate = forms.CharField(max_length=40, label=_("Credit code of the duplicate"))
    reason = forms.CharField(
        max_length=200, label=_("How do you know that both are one enterprise?")
    )

    def __init__(
        self, *args: Any, actor: Actor, enterprise: Enterprise | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.enterprise = actor, enterprise

    def clean_duplicate(self) -> Enterprise:
        """Find the enterprise with this code among those the actor sees."""
        code = clean_uscc(self.cleaned_data["duplicate"])
        found = Enterprise.objects.visible_to(self.actor).filter(uscc=code).first()
        if found is None:
            raise forms.ValidationError(
                _("No enterprise you see has the code %(code)s."), params={"code": code}
            )
        if found == self.enterprise:
            raise forms.ValidationError(
                _("Choose another enterprise: this is the one you started from.")
            )
        return found


class VisitForm(forms.Form):
    """A visit: when, why, whom, what was asked and answered, what was learnt, what was seen.

    The usual questions stand ready; what nobody answered was not asked.
    """

    visited_on = forms.DateField(
        label=_("Visited on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"),
        choices=[(one.value, one.label) for one in VisitPurpose if one is not VisitPurpose.SWEEP],
        initial=VisitPurpose.ROUTINE,
    )
    met = forms.CharField(max_length=80, label=_("Met"), required=False)
    own_question = forms.CharField(
        max_length=200, label=_("Another question you asked"), required=False
    )
    own_answer = _answer(_("The answer to it"))
    learnt = forms.CharField(
        label=_("What you learnt"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=_("Needed unless a question is answered."),
    )
    photos = MultipleFileField(
        label=_("Photos or documents"),
        required=False,
        widget=MultipleFileInput(attrs={"accept": ",".join(sorted(EVIDENCE))}),
        help_text=_("At most nine files."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = {f"answer_{key}": words for key, words in USUAL_QUESTIONS}
        self.fields |= {name: _answer(words) for name, words in self.usual.items()}
        before = ("visited_on", "purpose", "met")
        self.order_fields([*before, *self.usual, "own_question", "own_answer", "learnt", "photos"])

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of the own question, and for a word if nothing was answered."""
        data: dict[str, Any] = super().clean() or {}
        asked, said = data.get("own_question"), data.get("own_answer")
        if asked and not said:
            self.add_error("own_answer", _("Write the answer, or take the question out."))
        if said and not asked:
            self.add_error("own_question", _("Write the question this answers."))
        if not self.errors and not data.get("learnt") and not self.answers():
            self.add_error("learnt", _("Write down what you learnt, if only “nothing new”."))
        return data

    def answers(self) -> list[tuple[str, str]]:
        """Return the questions that were answered, in the order asked."""
        data = self.cleaned_data
        asked = [(str(words), data.get(name) or "") for name, words in self.usual.items()]
        asked.append((data.get("own_question") or "", data.get("own_answer") or ""))
        return [(question, answer) for question, answer in asked if answer]

    def clean_visited_on(self) -> object:
        """Refuse a visit in the future and one of more than a year ago."""
        day = self.cleaned_data["visited_on"]
        if day > today():
            raise forms.ValidationError(
                _("The visit lies in the future: enter when it took place.")
            )
        if day < today() - timedelta(days=366):
            raise forms.ValidationError(_("A visit of more than a year ago is not entered here."))
        return day

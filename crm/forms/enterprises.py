"""Forms of the enterprise room: the shape of what is typed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import today
from crm.common.face.fields import WanField
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.enums import EnterpriseType, RegistrationStatus, RevealPurpose
from crm.models import Area, Enterprise, Industry
from crm.rules import clean_uscc
from crm.services.enterprises import uscc_sentence


class EnterpriseForm(forms.Form):
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
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


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


class RenameForm(forms.Form):
    """The new name of an enterprise."""

    name = forms.CharField(max_length=120, label=_("New name"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ContactForm(forms.Form):
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
    """A visit: when, whom, what was learnt."""

    visited_on = forms.DateField(
        label=_("Visited on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    met = forms.CharField(max_length=80, label=_("Met"), required=False)
    learnt = forms.CharField(
        label=_("What you learnt"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000
    )

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

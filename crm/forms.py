"""Forms of the enterprise room: the shape of what is typed."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.common.clock import today
from crm.enums import EnterpriseType, RegistrationStatus
from crm.models import Area, Industry
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
    established_on = forms.DateField(
        label=_("Established on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    address = forms.CharField(max_length=200, label=_("Address"), required=False)
    status = forms.ChoiceField(choices=RegistrationStatus.choices, label=_("Status"))
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

"""Forms of the enterprise room: the shape of what is typed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.days.clock import today
from crm.common.face.fields import RowsField, WanField
from crm.common.people.actor import Actor
from crm.common.people.enums import STAFF_ROLES, Role
from crm.common.people.models import User
from crm.enums import EnterpriseType, RegistrationStatus, RevealPurpose
from crm.models import Area, Department, Enterprise, Industry
from crm.rules import clean_uscc
from crm.selectors import work_in_hand
from crm.services.accounts import AccountInput
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


class AccountForm(forms.Form):
    """A member of staff: name, roles, department, areas."""

    display_name = forms.CharField(max_length=40, label=pgettext_lazy("person", "Name"))
    title = forms.CharField(max_length=40, label=_("Position"), required=False)
    phone = forms.RegexField(
        r"^[0-9+][0-9 -]{5,18}$",
        max_length=20,
        label=_("Mobile phone"),
        required=False,
        error_messages={"invalid": _("Enter the number in digits, such as 0728-5223344.")},
    )
    email = forms.EmailField(label=_("Mail"), required=False)
    roles = forms.MultipleChoiceField(
        choices=[(role, role.label) for role in Role if role in STAFF_ROLES],
        widget=forms.CheckboxSelectMultiple,
        label=_("Roles"),
        help_text=_("Finance and audit, finance and policy are never one person."),
    )
    department = forms.ModelChoiceField(Department.objects.all(), label=_("Department"))
    areas = RowsField(
        Area.objects.all(),
        label=_("Areas"),
        required=False,
        help_text=_("What an agent or lead serves, with all below it."),
    )

    def account(self) -> AccountInput:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return AccountInput(
            display_name=data["display_name"],
            roles=tuple(Role(role) for role in data["roles"]),
            department_id=data["department"].pk,
            title=data["title"],
            phone=data["phone"],
            email=data["email"],
            area_ids=tuple(area.pk for area in data["areas"]),
        )


class NewAccountForm(AccountForm):
    """The same with the user name, which never changes."""

    username = forms.CharField(max_length=40, label=_("User name"))

    field_order = ("username",)


class LeaveForm(forms.Form):
    """Why somebody leaves, and who takes over each kind of open work."""

    reason = forms.CharField(max_length=200, label=_("Reason"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True, role_grants__role__in=STAFF_ROLES)
        people = others.exclude(pk=user.pk).distinct().order_by("display_name")
        self.piles = work_in_hand(user)
        for key, label, count in self.piles:
            self.fields[f"to_{key}"] = forms.ModelChoiceField(
                people, label=f"{label}: {count}", empty_label=_("Choose who takes over")
            )

    def taking(self) -> dict[str, User]:
        """Return who takes over which kind."""
        return {key: self.cleaned_data[f"to_{key}"] for key, _label, _count in self.piles}

"""Forms about the accounts of the staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.days.clock import today
from crm.common.face.conflicts import VersionedForm
from crm.common.face.fields import RowsField
from crm.common.people.enums import STAFF_ROLES, Role
from crm.common.people.models import User
from crm.models import Area, Department
from crm.selectors import colleagues_of, work_in_hand
from crm.services import AbsenceInput, AccountInput

ROLES = [(role, role.label) for role in Role if role in STAFF_ROLES]
GIVE = [("give", _("Add")), ("take", _("Take away"))]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AccountForm(VersionedForm):
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
        choices=ROLES,
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
        self.auto_id = "pane_%s"
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


class AbsenceForm(forms.Form):
    """The days on which somebody is away, and who stands in."""

    since = _day(_("Away from"))
    until = _day(_("Away until"))
    reason = forms.CharField(max_length=80, label=_("Reason"))
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Deputy"),
        help_text=_("What is told to the absent is told to the deputy too; limits run on."),
        empty_label=_("Choose a colleague"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "pane_%s"
        self.initial.setdefault("since", today())
        self.fields["deputy"].queryset = colleagues_of(user)  # type: ignore[attr-defined]

    def absence(self) -> AbsenceInput:
        """Return what was typed as the service takes it."""
        data = self.cleaned_data
        return AbsenceInput(data["deputy"], data["since"], data["until"], data["reason"])


class NamesForm(forms.Form):
    """A list of names."""

    file = forms.FileField(
        label=_("List of names"), help_text=_("XLSX or CSV; the first sheet is read.")
    )


class CloseForm(forms.Form):
    """Why several accounts are closed."""

    reason = forms.CharField(max_length=200, label=_("Reason"))


class RoleForm(forms.Form):
    """A role that several people get or lose."""

    how = forms.ChoiceField(choices=GIVE, label=_("What happens"))
    role = forms.ChoiceField(choices=ROLES, label=_("Role"))


class AreaForm(forms.Form):
    """An area that several people serve from now on, or no longer."""

    how = forms.ChoiceField(choices=GIVE, label=_("What happens"))
    area = forms.ModelChoiceField(Area.objects.all(), label=_("Area"))


class SecondStepForm(forms.Form):
    """Whether several people must have a second step."""

    due = forms.ChoiceField(
        choices=[("yes", _("Ask for it")), ("no", _("No longer"))], label=_("Second step")
    )

"""Forms of the project room."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.days import clock
from crm.common.face.conflicts import VersionedForm
from crm.common.face.fields import RowsField, WanField
from crm.common.face.moves import MoveForm
from crm.common.people.actor import Actor
from crm.common.people.enums import STAFF_ROLES
from crm.common.people.models import User
from crm.models import Area, Department, Enterprise, Industry
from projects.enums import Holder, ProjectKind
from projects.models import ListItem, MatterVersion, Project, TeamSlot
from projects.selectors import enterprises_called, open_matters

DAY = {"type": "date"}


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


def staff() -> QuerySet[User]:
    """Return the accounts that can be given work."""
    return User.objects.filter(is_active=True, role_grants__role__in=STAFF_ROLES).distinct()


def suggesting(**attrs: str) -> forms.TextInput:
    """Return an input that suggests enterprises of the register while something is typed."""
    return forms.TextInput(
        attrs={
            "list": "found-enterprises",
            "autocomplete": "off",
            "hx-get": reverse("staff:projects:enterprise_options"),
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#found-enterprises",
            "hx-swap": "innerHTML",
            "hx-push-url": "false",
            **attrs,
        }
    )


class EnterpriseField(forms.CharField):
    """An enterprise by its name or credit code, as the register has it."""

    def __init__(self, *, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(max_length=120, widget=suggesting(), **kwargs)

    def clean(self, value: Any) -> Enterprise | None:
        """Return the one enterprise, or say that none or several have this name."""
        text = super().clean(value)
        if not text:
            return None
        found = list(enterprises_called(self.actor, text)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise forms.ValidationError(
                _("Several enterprises have this name: type the credit code.")
            )
        raise forms.ValidationError(
            _("The register has no enterprise of this name or code: choose a suggestion.")
        )


class ProjectForm(forms.Form):
    """A lead: what, by whom, where."""

    name = forms.CharField(max_length=120, label=_("Project"))
    investor = forms.CharField(
        max_length=120,
        label=_("Investor"),
        help_text=_("An enterprise of the register is suggested and linked."),
    )
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    kind = forms.ChoiceField(choices=ProjectKind.choices, label=_("Kind"))
    industry = forms.ModelChoiceField(Industry.objects.all(), label=_("Industry"), required=False)
    agreed_investment_fen = WanField(
        label=_("Investment talked about (ten thousand yuan)"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.queryset = Area.objects.filter(pk__in=actor.area_ids)
        self.fields["investor"].widget = suggesting()


class ProjectEditForm(VersionedForm):
    """The facts of a project; what its stage rests on cannot be emptied."""

    name = forms.CharField(max_length=120, label=_("Project"))
    investor = forms.CharField(max_length=120, label=_("Investor"))
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Area"))
    kind = forms.ChoiceField(choices=ProjectKind.choices, label=_("Kind"))
    industry = forms.ModelChoiceField(Industry.objects.all(), label=_("Industry"), required=False)
    land_mu = forms.DecimalField(
        min_value=0, max_digits=8, decimal_places=2, label=_("Land (mu)"), required=False
    )
    field_order = ("name", "investor", "enterprise", "area", "kind", "industry")

    def __init__(self, *args: Any, actor: Actor, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas: Any = self.fields["area"]
        areas.queryset = Area.objects.filter(Q(pk__in=actor.area_ids) | Q(pk=project.area_id))
        for name in FACTS:
            self.fields[name] = fact_field(name, actor, required=False)
        self.order_fields(self.field_order)


FACTS = (
    "enterprise",
    "signed_on",
    "agreed_investment_fen",
    "filing_code",
    "construction_permit",
    "started_on",
    "completed_on",
    "produced_on",
)


def fact_field(name: str, actor: Actor, *, required: bool) -> forms.Field:
    """Return the input for one fact that a stage may rest on."""
    label = Project._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    if name == "enterprise":
        return EnterpriseField(actor=actor, label=label, required=required)
    if name == "agreed_investment_fen":
        words = _("Agreed investment (ten thousand yuan)")
        return WanField(label=words, required=required)
    if name.endswith("_on"):
        return _day(label, required=required)
    return forms.CharField(max_length=40, label=label, required=required)


class StageForm(MoveForm):
    """A step to the next stage: what is missing for it is asked here, before what shows it."""

    def __init__(self, *args: Any, actor: Actor, missing: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = [name for name in missing if name in FACTS]
        for name in asked:
            self.fields[name] = fact_field(name, actor, required=True)
        self.asked = asked
        self.order_fields(asked)

    def clean(self) -> dict[str, Any]:
        """A fact is of the past: a day to come is no fact yet."""
        data = super().clean() or {}
        for name in self.asked:
            if name.endswith("_on") and data.get(name) and data[name] > clock.today():
                self.add_error(name, _("This day has not come yet."))
        return data


class ItemForm(VersionedForm):
    """One row of the list: what, by whom, by when."""

    what = forms.CharField(max_length=200, label=_("Task"))
    deliverable = forms.CharField(max_length=120, label=_("Deliverable"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.filter(active=True), label=_("Responsible unit")
    )
    person = forms.ModelChoiceField(
        User.objects.none(), label=_("Responsible person"), required=False
    )
    due_on = _day(_("Due"), required=True)

    def __init__(self, *args: Any, item: ListItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        people.queryset = staff()
        self.item = item

    def clean_due_on(self) -> Any:
        """A day that has passed is no limit, unless it was the limit before."""
        day = self.cleaned_data["due_on"]
        kept = self.item is not None and self.item.due_on == day
        if day < clock.today() and not kept:
            raise forms.ValidationError(_("This day has passed: choose today or later."))
        return day


class MatterField(RowsField):
    """Matters of the catalogue, each with its department and promised limit."""

    def label_from_instance(self, obj: MatterVersion) -> str:
        """Return name, department and limit."""
        return f"{obj.name}（{obj.department.short_name}，{obj.promised_text}）"


class MattersForm(forms.Form):
    """Which matters of the catalogue the enterprise entrusts."""

    matters = MatterField(
        MatterVersion.objects.none(),
        label=_("Matters of the catalogue"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        matters: Any = self.fields["matters"]
        matters.queryset = open_matters(project, clock.today())


class TeamForm(forms.Form):
    """Who takes a slot of the team: a person, or a unit where the slot takes one."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.filter(active=True), label=_("Unit"), required=False
    )
    beside = forms.BooleanField(label=_("Beside those who hold it now"), required=False)

    def __init__(self, *args: Any, slot: TeamSlot, held: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["person"]
        people.queryset = staff()
        if slot.holder == Holder.PERSON:
            del self.fields["department"]
        if slot.holder == Holder.UNIT:
            del self.fields["person"]
        if not held:
            del self.fields["beside"]

    def clean(self) -> dict[str, Any]:
        """Exactly one is named."""
        data = super().clean() or {}
        if bool(data.get("person")) == bool(data.get("department")) and not self.errors:
            raise forms.ValidationError(_("Name one: a person or a unit."))
        return data

"""What people enter about issues, checked field by field."""

import uuid
from typing import Any

from django import forms
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from crm.common.face.fields import MomentField, MultipleFileField, RowsField
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.models import Area, Department, Enterprise, Industry
from issues.enums import IssueKind, MeetingKind, Outcome, ResolutionKind, Severity
from issues.models import IssueCategory
from issues.selectors.subjects import Subject, get_subject
from projects.enums import Stage

LONGEST_ROUND = 200


class HeardForm(forms.Form):
    """What staff heard of an issue: its kind, how bad it is, the words, what shows it."""

    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=IssueCategory.objects.none(),
        error_messages={"required": _("Pick a category.")},
    )
    severity = forms.ChoiceField(
        label=_("Impact"), choices=Severity.choices, initial=Severity.NORMAL
    )
    verbatim = forms.CharField(
        label=_("What is the matter"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what is the matter, in the words of the enterprise.")},
    )
    photos = MultipleFileField(label=_("Photos or documents"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = IssueCategory.objects.filter(active=True)  # type: ignore[attr-defined]


class IssueLogForm(HeardForm):
    """The quick log: about whom, what kind, how bad, in which words."""

    subject = forms.CharField(
        label=_("Project or enterprise"),
        error_messages={"required": _("Pick the project or enterprise.")},
    )
    department = forms.ModelChoiceField(
        label=_("Responsible unit"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("By category"),
    )
    again = forms.ChoiceField(
        label=_("It was struck off before"),
        choices=[("yes", _("Open it again")), ("no", _("Log a new issue"))],
        required=False,
    )
    about_department = forms.ModelChoiceField(
        label=_("Complaint about a department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("No complaint"),
        help_text=_("That department does not see the issue; the office handles it."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)

    field_order = ("subject", "category", "severity", "verbatim", "photos", "department", "again")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["about_department"].queryset = Department.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["department"].queryset = Department.objects.filter(active=True)  # type: ignore[attr-defined]
        self.initial.setdefault("client_uuid", uuid.uuid4())

    def clean_subject(self) -> Subject:
        """Turn what was picked into the project and enterprise."""
        subject = get_subject(self.actor, self.cleaned_data["subject"])
        if subject is None:
            raise forms.ValidationError(_("Pick the project or enterprise again."))
        return subject


class UnitForm(forms.Form):
    """Which unit several issues go to."""

    department = forms.ModelChoiceField(
        label=_("Responsible unit"), queryset=Department.objects.filter(active=True)
    )


class ConfirmForm(forms.Form):
    """What an enterprise says about an answer."""

    outcome = forms.ChoiceField(
        label=_("Is it solved?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when something is still missing."),
    )
    stars = forms.TypedChoiceField(
        label=_("How was the service?"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("No rating")), *((n, "★" * n + "☆" * (5 - n)) for n in range(5, 0, -1))],
    )


class LinkForm(forms.Form):
    """What an enterprise without an account says through its signed link."""

    outcome = forms.ChoiceField(
        label=_("Is it solved?"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when something is still missing."),
    )


class TelephoneForm(forms.Form):
    """What the office heard on the telephone, or that nobody answered."""

    speaker = forms.CharField(label=_("Person spoken to"), max_length=40, required=False)
    outcome = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=[("", _("Nobody answered")), *Outcome.choices],
        required=False,
    )
    words = forms.CharField(
        label=_("In their words, or whom you called"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SweepVisitForm(forms.Form):
    """A visit of a round: who was met, what was asked, and what was found or that nothing was."""

    visited_at = MomentField(label=_("Visited at"))
    met = forms.CharField(label=_("Who was met"), max_length=80)
    note = forms.CharField(
        label=_("What was asked and said"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    result = forms.ChoiceField(
        label=_("Was anything found?"),
        choices=[("found", _("Something was found")), ("nothing", _("Nothing was found"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether anything was found.")},
    )


class FindingForm(HeardForm):
    """One issue found during a visit, in the words of the enterprise."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "finding")
        super().__init__(*args, **kwargs)


class SweepPlanForm(forms.Form):
    """The next round: its days and its scope; an empty part of the scope means all."""

    title = forms.CharField(label=_("Title"), max_length=80)
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    areas = RowsField(
        label=_("Areas"),
        queryset=Area.objects.all(),
        required=False,
        help_text=_("None picked: all areas."),
    )
    industry = forms.ModelChoiceField(
        label=_("Industry"), queryset=Industry.objects.none(), required=False, empty_label=_("All")
    )
    stages = forms.MultipleChoiceField(
        label=_("Stages"),
        choices=Stage.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None picked: all stages."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The branches of two digits and above: a round never asks for a single trade.
        top = Industry.objects.annotate(size=Length("code")).filter(size__lte=2)
        self.fields["industry"].queryset = top  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a round that ends before it starts."""
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The round ends before it starts. Change one of the two."))
        if first and last and (last - first).days > LONGEST_ROUND:
            self.add_error("ends_on", _("A round lasts at most 200 days."))
        return data


class ReportForm(forms.Form):
    """What an enterprise reports itself: its words, what kind, how bad, with photos."""

    enterprise = forms.ModelChoiceField(
        label=_("Enterprise"), queryset=Enterprise.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(
        label=_("Problem or need"), choices=IssueKind.choices, widget=forms.RadioSelect
    )
    category = forms.ModelChoiceField(
        label=_("Category"),
        queryset=IssueCategory.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Pick a category.")},
    )
    severity = forms.ChoiceField(
        label=_("Impact"), choices=Severity.choices, widget=forms.RadioSelect
    )
    verbatim = forms.CharField(
        label=_("What is the matter"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Your words stay as you write them."),
        error_messages={"required": _("Write what is the matter, in your own words.")},
    )
    photos = MultipleFileField(label=_("Photos or documents"), required=False)
    about_department = forms.ModelChoiceField(
        label=_("Complaint about a department"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("No complaint"),
        help_text=_("That department does not see the issue; the office handles it."),
    )
    client_uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    severities = Severity.choices

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Enterprise.objects.visible_to(actor).filter(pk__in=actor.enterprise_ids)
        self.enterprises = list(own.select_related("area").order_by("pk"))
        self.fields["enterprise"].queryset = own  # type: ignore[attr-defined]
        if len(self.enterprises) == 1:
            self.fields["enterprise"].widget = forms.HiddenInput()
            self.initial["enterprise"] = self.enterprises[0].pk
        self.fields["category"].queryset = IssueCategory.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["about_department"].queryset = Department.objects.filter(active=True)  # type: ignore[attr-defined]
        if self.initial.get("kind") not in IssueKind.values:
            self.initial["kind"] = IssueKind.PROBLEM
        self.initial.setdefault("severity", Severity.NORMAL)
        self.initial.setdefault("client_uuid", uuid.uuid4())


class AddForm(forms.Form):
    """What an enterprise adds to an issue that is still open."""

    text = forms.CharField(
        label=_("What is new"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What you said before stays as it is."),
        error_messages={"required": _("Write what is new.")},
    )
    photos = MultipleFileField(label=_("Photos or documents"), required=False)


class MeetingForm(forms.Form):
    """What a meeting is asked for: when, where, why."""

    about = forms.CharField(widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=MeetingKind.choices, initial=MeetingKind.SMALL
    )
    planned_at = MomentField(label=_("Planned for"))
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    reason = forms.CharField(
        label=_("Why a meeting is needed"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what the departments cannot settle without a meeting.")},
    )


class MinutesForm(forms.Form):
    """The words of the minutes before the single items, and the version they were opened on."""

    text = forms.CharField(
        label=_("Opening of the minutes"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who met, about what. What was settled follows per matter."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class SettledForm(forms.Form):
    """What was settled about one matter: by whom, until when. An empty row is left out."""

    item = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31)
    text = forms.CharField(
        label=_("Settled"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=ResolutionKind.choices,
        initial=ResolutionKind.TASK,
        required=False,
    )
    department = forms.ModelChoiceField(
        label=_("Responsible unit"), queryset=Department.objects.none(), required=False
    )
    due_on = forms.DateField(
        label=_("Due"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = Department.objects.filter(active=True)  # type: ignore[attr-defined]
        # The names are read once for all rows of the page, not once a row.
        self.fields["department"].widget.choices = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the unit and the day of a task."""
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("text") or "").strip():
            return data
        if (data.get("kind") or ResolutionKind.TASK) == ResolutionKind.TASK:
            for name, words in (
                ("department", _("A task needs a responsible unit.")),
                ("due_on", _("A task needs a day.")),
            ):
                if name not in self.errors and not data.get(name):
                    self.add_error(name, words)
        return data


class TargetOwnerForm(forms.Form):
    """Who visits a target of a round."""

    owner = forms.ModelChoiceField(
        label=_("Who goes there"),
        queryset=User.objects.filter(is_active=True, role_grants__role=Role.AGENT).distinct(),
    )

"""Forms of the project room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Area, Industry
from projects.enums import ProjectKind


class ProjectForm(forms.Form):
    """A lead: what, by whom, where."""

    name = forms.CharField(max_length=120, label=_("Project"))
    investor = forms.CharField(max_length=120, label=_("Investor"))
    area = forms.ModelChoiceField(Area.objects.all(), label=_("Area"))
    kind = forms.ChoiceField(choices=ProjectKind.choices, label=_("Kind"))
    industry = forms.ModelChoiceField(Industry.objects.all(), label=_("Industry"), required=False)

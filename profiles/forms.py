"""Forms of the profile room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.models import Department


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

"""How Django draws a form field: our own template, with its errors tied to the input."""

from django.forms.renderers import TemplatesSetting


class AnshangRenderer(TemplatesSetting):
    """Draw fields with templates/ui/field.html."""

    field_template_name = "ui/field.html"

"""Forms in the product's markup: Django's own field groups, with our templates."""

from typing import Any

from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.utils.functional import cached_property


class AnshangRenderer(TemplatesSetting):
    """Our templates under `ui/` from the project; widgets as Django and the apps bring them."""

    field_template_name = "ui/field.html"
    form_template_name = "ui/form.html"

    @cached_property
    def _widgets(self) -> DjangoTemplates:
        return DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """Return a template from the project for `ui/`, else from Django's form templates."""
        if template_name.startswith("ui/"):
            return super().get_template(template_name)
        return self._widgets.get_template(template_name)

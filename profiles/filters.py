"""Filters of the imports."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.face.lists import ListFilter
from crm.models import Department
from profiles.enums import BatchStatus
from profiles.models import ImportBatch


class BatchFilter(ListFilter):
    """Imports by file name, department, state, and the days they were made on."""

    q = django_filters.CharFilter(field_name="name", lookup_expr="icontains", label=_("Search"))
    department = django_filters.ModelChoiceFilter(
        queryset=Department.objects.all(), label=_("Department"), empty_label=_("All")
    )
    status = django_filters.ChoiceFilter(
        choices=BatchStatus.choices, label=_("State"), empty_label=_("All")
    )
    review = django_filters.ChoiceFilter(
        method="to_review",
        choices=[("1", _("With rows to review"))],
        label=_("Review"),
        empty_label=_("All"),
    )

    class Meta:
        model = ImportBatch
        fields: list[str] = []

    def to_review(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the imports with rows that wait for a person."""
        return rows.filter(unknown__isnull=False).distinct()

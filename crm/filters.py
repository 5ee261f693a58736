"""Filters of the enterprise list."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.enums import EnterpriseType, RegistrationStatus
from crm.models import Area, Enterprise, Industry


class EnterpriseFilter(django_filters.FilterSet):
    """Search by name, part of a name, code, pinyin, initials; area and industry with all below."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(), method="within_area", label=_("Area"), empty_label=_("All")
    )
    industry = django_filters.ModelChoiceFilter(
        queryset=Industry.objects.filter(code__regex=r"^[A-T0-9]{1,2}$"),
        method="within_industry",
        label=_("Industry"),
        empty_label=_("All"),
    )
    status = django_filters.ChoiceFilter(
        choices=RegistrationStatus.choosable, label=_("Status"), empty_label=_("All")
    )
    type = django_filters.ChoiceFilter(
        field_name="enterprise_type",
        choices=EnterpriseType.choices,
        label=_("Type"),
        empty_label=_("All"),
    )

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def search(self, rows: QuerySet[Enterprise], _name: str, value: str) -> QuerySet[Enterprise]:
        """Find every term, best match first."""
        return rows.matching(value)  # type: ignore[attr-defined,no-any-return]

    def within_area(
        self, rows: QuerySet[Enterprise], _name: str, value: Area
    ) -> QuerySet[Enterprise]:
        """Keep an area with all below it."""
        return rows.filter(area__in=Area.objects.within(value.path))

    def within_industry(
        self, rows: QuerySet[Enterprise], _name: str, value: Industry
    ) -> QuerySet[Enterprise]:
        """Keep an industry with all below it."""
        return rows.filter(industry__in=Industry.objects.within(value.path))

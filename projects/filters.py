"""Filters of the project list."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.face.lists import ListFilter
from crm.models import Area
from projects.enums import Light, ProjectKind, Stage, Standing
from projects.models import Project
from projects.selectors import mine


class ProjectFilter(ListFilter):
    """Search and filters of the projects."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    stage = django_filters.ChoiceFilter(
        choices=Stage.choices, label=_("Stage"), empty_label=_("All")
    )
    standing = django_filters.ChoiceFilter(
        choices=[pair for pair in Standing.choices if pair[0] != Standing.REMOVED],
        label=_("Standing"),
        empty_label=_("All"),
    )
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(), method="within_area", label=_("Area"), empty_label=_("All")
    )
    kind = django_filters.ChoiceFilter(
        choices=ProjectKind.choices, label=_("Kind"), empty_label=_("All")
    )
    light = django_filters.ChoiceFilter(
        choices=Light.choices,
        method="with_light",
        label=_("Light"),
        empty_label=_("All"),
    )
    team = django_filters.ChoiceFilter(
        choices=[("mine", _("Mine"))], method="of_team", label=_("Team"), empty_label=_("All")
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def search(self, rows: QuerySet[Project], _name: str, value: str) -> QuerySet[Project]:
        """Find by name, number, investor, pinyin and initials."""
        return rows.matching(value)  # type: ignore[attr-defined,no-any-return]

    def within_area(self, rows: QuerySet[Project], _name: str, value: Area) -> QuerySet[Project]:
        """Keep an area with all below it."""
        return rows.filter(area__in=Area.objects.within(value.path))

    def with_light(self, rows: QuerySet[Project], _name: str, value: str) -> QuerySet[Project]:
        """Keep the projects that show a light."""
        return rows.filter(light=value)

    def of_team(self, rows: QuerySet[Project], _name: str, value: str) -> QuerySet[Project]:
        """Keep the projects on whose team the actor is."""
        return rows.filter(mine(self.request.actor)).distinct()

"""Filters of the clause list."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.face.lists import ListFilter
from policy_match.enums import VersionStatus
from policy_match.models import Clause, Policy

NO_RULE = "none"


class ClauseFilter(ListFilter):
    """Clauses by words, policy, and where their rule stands."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    policy = django_filters.ModelChoiceFilter(
        queryset=Policy.objects.all(), label=_("Policy"), empty_label=_("All")
    )
    rule = django_filters.ChoiceFilter(
        method="with_rule",
        choices=[*VersionStatus.choices, (NO_RULE, _("Without a rule"))],
        label=_("Rule"),
        empty_label=_("All"),
    )

    class Meta:
        model = Clause
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Find by title, pinyin and initials."""
        return rows.matching(value)  # type: ignore[attr-defined,no-any-return]

    def with_rule(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the clauses that have a version in a state, or none at all."""
        if value == NO_RULE:
            return rows.filter(versions=None)
        return rows.filter(versions__status=value).distinct()

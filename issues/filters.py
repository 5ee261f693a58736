"""Filters of the list pages."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.days import clock
from crm.common.face.lists import ListFilter
from issues.enums import IssueKind, IssueSource, IssueStatus, MeetingStatus, Severity, SweepStatus
from issues.models import AgendaItem, Issue, IssueAssignment, Meeting, Sweep
from issues.selectors.ledger import ledger_choices, overdue, to_confirm, to_do


class IssueFilter(ListFilter):
    """Search and filters of the ledger."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    status = django_filters.MultipleChoiceFilter(
        choices=IssueStatus.choices, label=_("Step"), widget=forms.CheckboxSelectMultiple
    )
    category = django_filters.MultipleChoiceFilter(
        field_name="category_id",
        choices=lambda: ledger_choices()[0],
        label=_("Category"),
        widget=forms.CheckboxSelectMultiple,
    )
    severity = django_filters.MultipleChoiceFilter(
        choices=Severity.choices, label=_("Impact"), widget=forms.CheckboxSelectMultiple
    )
    department = django_filters.ChoiceFilter(
        method="of_department",
        choices=lambda: ledger_choices()[1],
        label=_("Responsible unit"),
        empty_label=_("All"),
    )
    source = django_filters.MultipleChoiceFilter(
        choices=IssueSource.choices, label=_("Source"), widget=forms.CheckboxSelectMultiple
    )
    kind = django_filters.ChoiceFilter(
        choices=IssueKind.choices, label=_("Kind"), empty_label=_("All")
    )
    due = django_filters.ChoiceFilter(
        method="by_due",
        choices=[
            ("overdue", _("Overdue")),
            ("today", _("Due today")),
            ("mine", _("My next step")),
            ("open", pgettext_lazy("issue", "Open")),
        ],
        label=_("Limit"),
        empty_label=_("All"),
    )

    class Meta:
        model = Issue
        fields: list[str] = []

    @classmethod
    def at_rest(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave out what was entered by mistake: it is found only by asking for it."""
        return rows.standing()  # type: ignore[attr-defined,no-any-return]

    def filter_queryset(self, queryset: QuerySet[Issue]) -> QuerySet[Issue]:
        """Filter."""
        rows: QuerySet[Issue] = super().filter_queryset(queryset)
        asked = IssueStatus.WITHDRAWN in self.form.cleaned_data.get("status", ())
        return rows if asked else self.at_rest(rows)

    def search(self, rows: QuerySet[Issue], _name: str, value: str) -> QuerySet[Issue]:
        """Search by title, number, enterprise, project, pinyin and initials."""
        return rows.matching(value)  # type: ignore[attr-defined,no-any-return]

    def of_department(self, rows: QuerySet[Issue], _name: str, value: str) -> QuerySet[Issue]:
        """Keep the issues a department now works on."""
        parts = IssueAssignment.objects.filter(
            department_id=value, withdrawn_at=None, round__number=F("round__issue__round_number")
        )
        return rows.filter(pk__in=parts.values("round__issue_id"))

    def by_due(self, rows: QuerySet[Issue], _name: str, value: str) -> QuerySet[Issue]:
        """Keep what is overdue, what waits for the actor, or what is open."""
        request: Any = self.request
        if value == "overdue":
            return overdue(rows, clock.today())
        if value == "today":
            return rows.in_progress().filter(due_on=clock.today())  # type: ignore[attr-defined,no-any-return]
        if value == "mine":
            return rows.filter(pk__in=to_do(request.actor).order_by().values("pk"))
        return rows.in_progress()  # type: ignore[attr-defined,no-any-return]


class PortalIssueFilter(ListFilter):
    """Search and filters of an enterprise's own issues."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    show = django_filters.ChoiceFilter(
        method="only",
        choices=[("asked", _("To confirm")), ("open", pgettext_lazy("issue", "Open"))],
        label=_("Show"),
        empty_label=_("All"),
    )
    status = django_filters.MultipleChoiceFilter(
        choices=[one for one in IssueStatus.choices if one[0] != IssueStatus.WITHDRAWN],
        label=_("Step"),
        widget=forms.CheckboxSelectMultiple,
    )
    kind = django_filters.ChoiceFilter(
        choices=IssueKind.choices, label=_("Kind"), empty_label=_("All")
    )

    class Meta:
        model = Issue
        fields: list[str] = []

    def search(self, rows: QuerySet[Issue], _name: str, value: str) -> QuerySet[Issue]:
        """Search by title, number, enterprise, project, pinyin and initials."""
        return rows.matching(value)  # type: ignore[attr-defined,no-any-return]

    def only(self, rows: QuerySet[Issue], _name: str, value: str) -> QuerySet[Issue]:
        """Keep what waits for the enterprise's word, or what is open."""
        request: Any = self.request
        if value == "asked":
            return rows.filter(pk__in=to_confirm(request.actor).order_by().values("pk"))
        return rows.in_progress()  # type: ignore[attr-defined,no-any-return]


class MeetingFilter(ListFilter):
    """Search and filters of the meetings."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    status = django_filters.MultipleChoiceFilter(
        choices=MeetingStatus.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )
    held = django_filters.ChoiceFilter(
        method="only_held", choices=[("1", _("Held"))], label=_("Held"), empty_label=_("All")
    )

    class Meta:
        model = Meeting
        fields: list[str] = []

    def search(self, rows: QuerySet[Meeting], _name: str, value: str) -> QuerySet[Meeting]:
        """Search by title, chair and the matters of the agenda."""
        request: Any = self.request
        items = AgendaItem.objects.visible_to(request.actor).filter(title__icontains=value)
        return rows.filter(
            Q(title__icontains=value)
            | Q(chair__icontains=value)
            | Q(pk__in=items.values("meeting_id"))
        )

    def only_held(self, rows: QuerySet[Meeting], _name: str, value: str) -> QuerySet[Meeting]:
        """Keep the meetings that took place."""
        return rows.filter(held_at__isnull=False)


class SweepFilter(ListFilter):
    """Search and filters of the rounds."""

    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Search"))
    status = django_filters.MultipleChoiceFilter(
        choices=SweepStatus.choices, label=_("State"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Sweep
        fields: list[str] = []

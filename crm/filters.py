"""Filters of the enterprise list."""

from datetime import timedelta

import django_filters
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.common.days import clock
from crm.common.face.lists import ListFilter
from crm.common.people.enums import STAFF_ROLES, Role
from crm.common.people.models import Absence, User
from crm.enums import EnterpriseType, RegistrationStatus
from crm.models import Area, Department, Enterprise, Industry


class AccountFilter(ListFilter):
    """Accounts by name or user name, role, department, and whether they are open."""

    q = django_filters.CharFilter(method="search", label=_("Search"))
    role = django_filters.ChoiceFilter(
        choices=[(role, role.label) for role in Role if role in STAFF_ROLES],
        field_name="role_grants__role",
        label=_("Role"),
        empty_label=_("All"),
    )
    department = django_filters.ModelChoiceFilter(
        queryset=Department.objects.all(),
        field_name="staff_profile__department",
        label=_("Department"),
        empty_label=_("All"),
    )
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(),
        field_name="staff_profile__areas",
        label=_("Area"),
        empty_label=_("All"),
    )
    state = django_filters.ChoiceFilter(
        choices=[
            ("open", _("In office")),
            ("away", _("Away")),
            ("closed", _("Closed")),
            ("idle", _("Not signed in for 90 days")),
            ("single", _("Without a second step")),
        ],
        method="in_state",
        label=_("State"),
        empty_label=_("All"),
    )

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Find by part of the name or of the user name."""
        return rows.filter(Q(display_name__icontains=value) | Q(username__icontains=value))

    def in_state(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        """Keep the accounts in a state."""
        if value == "closed":
            return rows.filter(is_active=False)
        rows = rows.filter(is_active=True)
        if value == "away":
            return rows.filter(pk__in=Absence.objects.on(clock.today()).values("user"))
        if value == "idle":
            since = clock.machine_now() - timedelta(days=90)
            # Who never signed in is idle since the account was opened.
            return rows.alias(seen=Coalesce("last_login", "date_joined")).filter(seen__lt=since)
        return rows.filter(authenticator=None) if value == "single" else rows


class EnterpriseFilter(ListFilter):
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

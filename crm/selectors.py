"""Reads of the enterprise room."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from operator import or_
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days.clock import day_start, machine_now, today
from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.enums import BUSINESS_ROLES, STAFF_ROLES, Role
from crm.common.people.models import Absence, RoleGrant, User
from crm.common.records.files import files_of_many
from crm.common.records.models import AuditEvent
from crm.common.slots.handover import piles
from crm.enums import RegistrationStatus
from crm.models import (
    Area,
    Department,
    Enterprise,
    EnterpriseMerge,
    Membership,
    RegisterEntry,
    StaffProfile,
    Visit,
)
from crm.permissions import works_with


def _below(model: type[Area] | type[Department], paths: list[str]) -> frozenset[int]:
    if not paths:
        return frozenset()
    inside = reduce(or_, (Q(path__startswith=path) for path in paths))
    return frozenset(model.objects.filter(inside).order_by().values_list("pk", flat=True))


class RowsOfUser:
    """The rows a user belongs to: department and areas with all below, enterprises.

    Each is asked for once, and only when somebody needs to know: most pages need one of them.
    """

    def __init__(self, user: User) -> None:
        self._user = user

    @cached_property
    def _posts(self) -> list[tuple[int, int, str, str | None]]:
        """Return the places of the person and of everybody the person stands in for today."""
        away = Absence.objects.on(today()).filter(deputy=self._user).values("user")
        served = StaffProfile.objects.filter(Q(user=self._user) | Q(user__in=away))
        return list(
            served.values_list("user_id", "department_id", "department__path", "areas__path")
        )

    @cached_property
    def _own(self) -> list[tuple[int, int, str, str | None]]:
        return [post for post in self._posts if post[0] == self._user.pk]

    @cached_property
    def department_id(self) -> int | None:
        """The own department."""
        return self._own[0][1] if self._own else None

    @cached_property
    def department_ids(self) -> frozenset[int]:
        """The own department and all below it, and those of the people away."""
        return _below(Department, sorted({post[2] for post in self._posts}))

    @cached_property
    def area_ids(self) -> frozenset[int]:
        """The areas served, with all below them, and those of the people away."""
        return _below(Area, sorted({post[3] for post in self._posts if post[3]}))

    @cached_property
    def stands_in_for(self) -> frozenset[int]:
        """The people who are away today and named the person as their deputy."""
        return frozenset(post[0] for post in self._posts) - {self._user.pk}

    @cached_property
    def enterprise_ids(self) -> frozenset[int]:
        """The enterprises the person is a member of today."""
        rows = Membership.objects.filter(
            Q(until=None) | Q(until__gte=today()), user=self._user, since__lte=today()
        )
        return frozenset(rows.values_list("enterprise_id", flat=True))


def department_called(name: str) -> Department:
    """Return the department known by a code, a name, a short name or an alias.

    Raises UserFacingError naming what was looked for.
    """
    wanted = "".join(name.split())
    for row in Department.objects.all():
        if wanted in (row.code, row.name, row.short_name) or wanted in row.aliases:
            return row
    raise UserFacingError(
        _("No department is called “%(name)s”. Check the name or add it as an alias.")
        % {"name": name}
    )


def recent_visits(actor: Actor, enterprise: Enterprise) -> list[Visit]:
    """Return the last five visits the actor may see, with their answers and `files`."""
    rows = Visit.objects.visible_to(actor).filter(enterprise=enterprise)
    visits = list(rows.select_related("visitor").prefetch_related("answers")[:5])
    files = files_of_many(visits)
    for visit in visits:
        visit.files = files[str(visit.pk)]
    return visits


def keys_to_enterprises() -> list[tuple[str, str]]:
    """Return ("app.model", field) of every key of any room that points at an enterprise."""
    found = [
        (relation.related_model._meta.label_lower, relation.field.name)
        for relation in Enterprise._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many
    ]
    own = {EnterpriseMerge._meta.label_lower, Enterprise._meta.label_lower}
    return sorted(
        pair
        for pair in set(found)
        if pair[0] not in own and not getattr(apps.get_model(pair[0]), "stays_when_merged", False)
    )


def _end_of(day: date) -> datetime:
    return day_start(day + timedelta(days=1))


def standing_for(day: date) -> dict[int, int]:
    """Return, for each duplicate of a day, the record that stood for it as was known then."""
    moment = _end_of(day)
    rows = EnterpriseMerge.objects.filter(
        Q(undone_at=None) | Q(undone_at__gte=moment), created_at__lt=moment
    )
    kept = dict(rows.order_by("pk").values_list("duplicate_id", "enterprise_id"))
    return {gone: _last(kept, gone) for gone in kept}


def _last(kept: dict[int, int], pk: int) -> int:
    while pk in kept:
        pk = kept[pk]
    return pk


def duplicates_of(enterprise: Enterprise) -> list[int]:
    """Return the records that merges in force lead to an enterprise, over all steps."""
    rows = EnterpriseMerge.objects.filter(undone_at=None)
    kept = dict(rows.values_list("duplicate_id", "enterprise_id"))
    return [gone for gone in kept if enterprise.pk in _chain(kept, gone)]


def _chain(kept: dict[int, int], pk: int) -> list[int]:
    found = []
    while pk in kept:
        pk = kept[pk]
        found.append(pk)
    return found


def register_as_of(day: date) -> dict[int, dict[str, str]]:
    """Return every enterprise as the register knew it at the end of a day, by attribute.

    Duplicates that were merged by then are left out. Areas and industries are their codes.
    """
    known: dict[int, dict[str, str]] = {}
    rows = RegisterEntry.objects.filter(recorded_at__lt=_end_of(day), valid_from__lte=day)
    ordered = rows.order_by("valid_from", "recorded_at", "pk")
    for pk, name, value in ordered.values_list("enterprise_id", "attribute", "value").iterator(
        chunk_size=5000
    ):
        known.setdefault(pk, {})[name] = value
    merged = RegistrationStatus.MERGED
    return {pk: row for pk, row in sorted(known.items()) if row.get("status") != merged}


def rows_pointing_at(enterprise: Enterprise) -> list[tuple[str, int]]:
    """Return what a merge would move: the name of each kind of record and how many."""
    counted = []
    for label, key in keys_to_enterprises():
        model = apps.get_model(label)
        number = model._base_manager.filter(**{key: enterprise}).count()
        if number:
            counted.append((str(model._meta.verbose_name), number))
    return counted


ACTS = {
    "enterprise.register": gettext_lazy("Registered"),
    "enterprise.update": gettext_lazy("Master data changed"),
    "enterprise.rename": gettext_lazy("Renamed"),
    "enterprise.merge": gettext_lazy("A duplicate was merged into it"),
    "enterprise.unmerge": gettext_lazy("A merge was undone"),
}


def changes_of(actor: Actor, enterprise: Enterprise) -> list[dict[str, Any]]:
    """Return the last acts on the record itself, newest first, to those who work with it."""
    if not works_with(actor, enterprise):
        return []
    rows = AuditEvent.objects.filter(
        target_type=Enterprise._meta.label_lower, target_id=str(enterprise.pk)
    )
    return [
        {
            "event": event,
            "label": ACTS.get(event.verb, event.verb),
            "who": event.actor.display_name if event.actor else _("System"),
        }
        for event in rows.select_related("actor").order_by("-pk")[:8]
    ]


def home_url(actor: Actor) -> str:
    """Return where a person's work begins: today, the portal, for an administrator the system."""
    if actor.is_staff and not actor.has(*BUSINESS_ROLES):
        return reverse("staff:common:condition")
    if actor.is_staff:
        return reverse("staff:cms:today")
    return reverse("portal:cms:home") if actor.has(Role.ENTERPRISE) else reverse("inbox_list")


def staff_accounts(actor: Actor) -> QuerySet[User]:
    """Return the accounts of the staff to whoever keeps them; it is nobody else's business."""
    grants = RoleGrant.objects.filter(user=OuterRef("pk"), role__in=STAFF_ROLES)
    second = Authenticator.objects.filter(user=OuterRef("pk"))
    rows = User.objects.filter(Exists(grants)).annotate(has_second_step=Exists(second))
    return rows if actor.has(Role.ADMIN) else rows.none()


def handlers_of(departments: Iterable[Department]) -> list[User]:
    """Return the handlers of departments."""
    return list(
        User.objects.filter(
            is_active=True,
            role_grants__role=Role.HANDLER,
            staff_profile__department__in=[row.pk for row in departments],
        )
        .distinct()
        .order_by("pk")
    )


def work_in_hand(user: User) -> list[tuple[str, str, int]]:
    """Return what a person would leave behind: key, words and number of each kind."""
    counted = [(pile.key, str(pile.label), pile.count(user)) for pile in piles()]
    return [row for row in counted if row[2]]


def areas_served_alone(user: User) -> list[Area]:
    """Return the areas of an agent or lead that nobody else in office serves in the same role."""
    field = {Role.AGENT, Role.LEAD}.intersection(grant.role for grant in user.role_grants.all())
    profile = getattr(user, "staff_profile", None)
    if not field or profile is None:
        return []
    others = User.objects.filter(
        is_active=True, role_grants__role__in=field, staff_profile__areas=OuterRef("pk")
    )
    return list(profile.areas.exclude(Exists(others.exclude(pk=user.pk))))


def colleagues_of(user: User) -> QuerySet[User]:
    """Return who could stand in for a person: others in office in the same department."""
    profile = getattr(user, "staff_profile", None)
    if profile is None:
        return User.objects.none()
    unit = profile.department.path
    units = [unit[: place + 1] for place, letter in enumerate(unit) if letter == "/"]
    near = Q(staff_profile__department__path__startswith=unit)
    near |= Q(staff_profile__department__path__in=units)
    others = User.objects.filter(near, is_active=True).exclude(pk=user.pk)
    return others.select_related("staff_profile__department").order_by("display_name")


def absences_of(user: User) -> list[Absence]:
    """Return a person's absences of today and to come."""
    rows = Absence.objects.filter(user=user, ended_at=None, until__gte=today())
    return list(rows.select_related("deputy").order_by("since"))


def states_of_accounts(actor: Actor) -> dict[str, int]:
    """Return how many accounts there are in each state the list of accounts offers."""
    held = RoleGrant.objects.filter(user=OuterRef("pk"))
    away = Absence.objects.on(today()).filter(user=OuterRef("pk"))
    idle = machine_now() - timedelta(days=90)
    is_open = Q(is_active=True)
    rows = staff_accounts(actor).annotate(
        is_agent=Exists(held.filter(role=Role.AGENT)),
        is_handler=Exists(held.filter(role=Role.HANDLER)),
        is_away=Exists(away),
        seen_at=Coalesce("last_login", "date_joined"),
    )
    return rows.aggregate(
        all=Count("pk"),
        agents=Count("pk", filter=Q(is_agent=True)),
        handlers=Count("pk", filter=Q(is_handler=True)),
        away=Count("pk", filter=is_open & Q(is_away=True)),
        single=Count("pk", filter=is_open & Q(has_second_step=False)),
        idle=Count("pk", filter=is_open & Q(seen_at__lt=idle)),
        closed=Count("pk", filter=Q(is_active=False)),
    )

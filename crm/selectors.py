"""Reads of the enterprise room."""

from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.common.actor import Actor, Scope
from crm.common.clock import today
from crm.common.enums import Role
from crm.common.errors import UserFacingError
from crm.common.models import User
from crm.models import Area, Department, Enterprise, Membership, StaffProfile, Visit


def _below(model: type[Area] | type[Department], paths: list[str]) -> frozenset[int]:
    if not paths:
        return frozenset()
    inside = reduce(or_, (Q(path__startswith=path) for path in paths))
    return frozenset(model.objects.filter(inside).values_list("pk", flat=True))


def actor_scope(user: User) -> Scope:
    """Return the rows a user belongs to: department and areas with all below, enterprises."""
    profile = (
        StaffProfile.objects.filter(user=user)
        .select_related("department")
        .prefetch_related("areas")
        .first()
    )
    enterprises = Membership.objects.filter(
        Q(until=None) | Q(until__gte=today()), user=user, since__lte=today()
    )
    scope_enterprises = frozenset(enterprises.values_list("enterprise_id", flat=True))
    if profile is None:
        return Scope(enterprise_ids=scope_enterprises)
    return Scope(
        department_id=profile.department_id,
        department_ids=_below(Department, [profile.department.path]),
        area_ids=_below(Area, [area.path for area in profile.areas.all()]),
        enterprise_ids=scope_enterprises,
    )


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
    """Return the last five visits the actor may see."""
    rows = Visit.objects.visible_to(actor).filter(enterprise=enterprise)
    return list(rows.select_related("visitor")[:5])


def home_url(actor: Actor) -> str:
    """Return the first screen of a person: today for staff, the portal for enterprises."""
    if actor.is_staff:
        return reverse("staff:cms:today")
    return reverse("portal:cms:home") if actor.has(Role.ENTERPRISE) else reverse("inbox_list")

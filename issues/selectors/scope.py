"""Whom a round visits: running projects of areas, trades and stages, each with who goes there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from crm.common.days.calendar import WorkCalendar
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.models import Area, Industry
from projects.models import Project, TeamMember

MOST_TARGETS = 1000


@dataclass(frozen=True, slots=True)
class Planned:
    """One project to be visited, by whom, on which day."""

    project: Project
    owner: User
    planned_on: date


def in_scope(
    actor: Actor,
    areas: Iterable[Area] = (),
    industry: Industry | None = None,
    stages: Iterable[str] = (),
) -> list[Project]:
    """Return the running projects a scope names; an empty part of it means all."""
    rows = Project.objects.visible_to(actor).running()
    place = Q()
    for area in areas:
        place |= Q(area__path__startswith=area.path)
    rows = rows.filter(place)
    if industry is not None:
        rows = rows.filter(industry__path__startswith=industry.path)
    wanted = list(stages)
    if wanted:
        rows = rows.filter(stage__in=wanted)
    return list(
        rows.select_related("area", "enterprise").order_by("area__path", "pk")[:MOST_TARGETS]
    )


def _agents_by_area() -> dict[str, User]:
    """Return for each area's path the first agent who serves it."""
    rows = User.objects.filter(is_active=True, role_grants__role=Role.AGENT)
    found: dict[str, User] = {}
    for one in rows.prefetch_related("staff_profile__areas").order_by("pk").distinct():
        profile = getattr(one, "staff_profile", None)
        for area in profile.areas.all() if profile is not None else ():
            found.setdefault(area.path, one)
    return found


def owners_of(projects: Sequence[Project], otherwise: User) -> dict[int, User]:
    """Return who visits each project: its team's agent, else the area's, else somebody named."""
    members = TeamMember.objects.filter(
        project__in=[one.pk for one in projects],
        until=None,
        user__is_active=True,
        user__role_grants__role=Role.AGENT,
    ).select_related("user")
    team: dict[int, User] = {}
    for row in members.order_by("pk"):
        if row.user is not None:
            team.setdefault(row.project_id, row.user)
    serving = _agents_by_area()
    return {one.pk: team.get(one.pk) or _nearest(serving, one.area, otherwise) for one in projects}


def _nearest(serving: dict[str, User], area: Area, otherwise: User) -> User:
    codes = area.path.rstrip("/").split("/")
    for length in range(len(codes), 0, -1):
        found = serving.get("/".join(codes[:length]) + "/")
        if found is not None:
            return found
    return otherwise


def plan(
    projects: Sequence[Project], otherwise: User, first: date, last: date, calendar: WorkCalendar
) -> list[Planned]:
    """Return the visits, each owner's spread evenly over the working days of the round."""
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    days = [day for day in span if calendar.is_workday(day)] or [first]
    owners = owners_of(projects, otherwise)
    counts: dict[int, int] = {}
    for one in projects:
        counts[owners[one.pk].pk] = counts.get(owners[one.pk].pk, 0) + 1
    done: dict[int, int] = {}
    made = []
    for one in projects:
        owner = owners[one.pk]
        number = done.get(owner.pk, 0)
        done[owner.pk] = number + 1
        made.append(Planned(one, owner, days[number * len(days) // counts[owner.pk]]))
    return made

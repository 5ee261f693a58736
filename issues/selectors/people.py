"""Who is told."""

from django.db.models import Q

from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.models import Area, Enterprise
from issues.models import Issue


def keepers_of(issue: Issue) -> list[User]:
    """Return who looks after an issue: the staff who logged it, else the area's agents.

    Nobody of a department hears of a complaint about it.
    """
    person = issue.created_by
    logged = person is not None and person.is_active and hasattr(person, "staff_profile")
    people = [person] if person is not None and logged else agents_of(issue.area)
    if issue.about_department is None:
        return people
    accused = issue.about_department.path
    return [one for one in people if not one.staff_profile.department.path.startswith(accused)]


def agents_of(area: Area) -> list[User]:
    """Return the agents whose areas include this one."""
    codes = area.path.rstrip("/").split("/")
    paths = ["/".join(codes[: n + 1]) + "/" for n in range(len(codes))]
    return list(
        User.objects.filter(
            is_active=True,
            role_grants__role=Role.AGENT,
            staff_profile__areas__path__in=paths,
        )
        .distinct()
        .order_by("pk")
    )


def agent_for(area: Area) -> User | None:
    """Return the agent an enterprise of the area calls: of the nearest area, the first."""
    codes = area.path.rstrip("/").split("/")
    for length in range(len(codes), 0, -1):
        path = "/".join(codes[:length]) + "/"
        rows = User.objects.filter(
            is_active=True, role_grants__role=Role.AGENT, staff_profile__areas__path=path
        )
        found = rows.order_by("pk").first()
        if found is not None:
            return found
    return None


def members_of(enterprise: Enterprise | None) -> list[User]:
    """Return the people who may speak for an enterprise on the portal; none without one."""
    if enterprise is None:
        return []
    return list(
        User.objects.filter(
            Q(memberships__until=None), is_active=True, memberships__enterprise=enterprise
        )
        .distinct()
        .order_by("pk")
    )

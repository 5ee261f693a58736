"""What this room reminds of: approvals and list items before, on and after their day."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from django.urls import reverse

from crm.common.days.calendar import load_calendar
from crm.common.days.reminders import Due, ReminderKind, register
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.selectors import handlers_of
from projects.enums import ENDED_APPROVALS, ItemStatus, Standing
from projects.models import Approval, ListItem, Project
from projects.notifications import APPROVAL_DUE, ITEM_DUE

STEPS = (5, 1, 0, -1)


def _until(today: date) -> date:
    return load_calendar().add_workdays(today, max(STEPS))


def due_approvals(today: date) -> Iterator[Due]:
    """Yield the cases of running projects whose clock ends soon, today, or has ended."""
    rows = Approval.objects.filter(due_on__lte=_until(today), project__standing=Standing.RUNNING)
    rows = rows.exclude(status__in=ENDED_APPROVALS)
    for case in rows.select_related("project", "version_of_matter", "department", "agent"):
        yield Due(
            target=case,
            due_on=case.due_on or today,
            recipients=partial(_of_approval, case),
            context=(
                ("number", case.number),
                ("title", case.name),
                ("project", case.project.name),
                ("department", case.department.short_name),
            ),
            url=_url(case.project_id),
        )


def due_items(today: date) -> Iterator[Due]:
    """Yield the open rows of running projects' lists that are due soon, today, or late."""
    rows = ListItem.objects.filter(
        status=ItemStatus.OPEN, due_on__lte=_until(today), project__standing=Standing.RUNNING
    )
    for item in rows.select_related("project", "department", "person"):
        yield Due(
            target=item,
            due_on=item.due_on,
            recipients=partial(_of_item, item, today),
            context=(
                ("title", item.what),
                ("project", item.project.name),
                ("department", item.department.short_name),
            ),
            url=_url(item.project_id),
        )


def _of_approval(case: Approval) -> list[User]:
    """Return who decides and who pushes it through."""
    people = handlers_of([case.department])
    return [*people, case.agent] if case.agent and case.agent.is_active else people


def _of_item(item: ListItem, today: date) -> list[User]:
    """Return the person it is for, else the unit's handlers; of a late one, the agents too."""
    person = item.person
    people = [person] if person and person.is_active else handlers_of([item.department])
    return [*people, *_agents_of(item.project)] if item.due_on < today else people


def _agents_of(project: Project) -> list[User]:
    rows = User.objects.filter(
        is_active=True,
        role_grants__role=Role.AGENT,
        team_places__project=project,
        team_places__until=None,
    )
    return list(rows.distinct().order_by("pk"))


def _url(project_id: int) -> str:
    return reverse("staff:projects:project_detail", args=[project_id])


register(ReminderKind("projects.approval_due", APPROVAL_DUE.key, due_approvals, STEPS))
register(ReminderKind("projects.item_due", ITEM_DUE.key, due_items, STEPS))

"""What work on issues opens elsewhere: the enterprises of issues assigned to a department."""

from typing import Any

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots import grounds
from crm.models.enterprises import IN_CARE
from issues.models import Issue


def of_my_issues(actor: Actor) -> Any:
    """Return the enterprises whose issues were assigned to a handler's department.

    What a handler logged does not count: nobody opens papers by writing an issue.
    """
    if not actor.has(Role.HANDLER):
        return None
    assigned = Issue.objects.assigned_to(actor.department_ids).values("pk")
    rows = Issue.objects.visible_to(actor).filter(pk__in=assigned).exclude(enterprise=None)
    return rows.order_by().values("enterprise_id")


grounds.register(IN_CARE, "issues", of_my_issues)

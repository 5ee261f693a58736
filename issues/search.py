"""What the search page finds in this room."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.slots.search import Hit, SearchIndex, register
from issues.models import Issue


def find(actor: Actor, query: str) -> QuerySet[Any]:
    """Return the issues that fit, as far as the actor may see them."""
    rows = Issue.objects.visible_to(actor).standing().matching(query)
    return rows.select_related("enterprise", "project")


def hit(issue: Issue) -> Hit:
    """Return one line of the search page."""
    return Hit(
        title=issue.title,
        subtitle=f"{issue.number} · {issue.subject_name} · {issue.get_status_display()}",
        url=reverse("staff:issues:issue_detail", args=[issue.pk]),
    )


register(
    SearchIndex(
        key="issues", label=_("Issues"), icon="message-report", order=30, find=find, hit=hit
    )
)

"""The issue's row, locked before anything is judged."""

from issues.models import Issue


def locked(issue: Issue) -> Issue:
    """Return the issue fresh from the database, its row locked until the transaction ends."""
    return (
        Issue.objects.select_for_update(of=("self",))
        .select_related("enterprise", "project", "category", "area", "created_by")
        .get(pk=issue.pk)
    )

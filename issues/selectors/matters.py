"""What a meeting may talk about: issues and projects the actor sees, found by their names."""

from dataclasses import dataclass

from crm.common.http import whole_number
from crm.common.people.actor import Actor
from issues.models import AgendaItem, Issue, Meeting
from issues.selectors import ledger
from projects.models import Project

MOST = 8


@dataclass(frozen=True, slots=True)
class Found:
    """One issue or project, as a list to choose from shows it; `value` is what a form sends."""

    value: str
    title: str
    detail: str
    issue: Issue | None = None
    project: Project | None = None


def _of_issue(row: Issue) -> Found:
    detail = f"{row.number} · {row.subject_name} · {row.get_status_display()}"
    return Found(f"i:{row.pk}", row.title, detail, issue=row)


def _of_project(row: Project) -> Found:
    return Found(f"p:{row.pk}", row.name, row.get_stage_display(), project=row)


def find_matters(actor: Actor, query: str, meeting: Meeting) -> list[Found]:
    """Return issues in progress and projects that fit a query and are not on the agenda yet."""
    if not query.strip():
        return []
    there = AgendaItem.objects.filter(meeting=meeting)
    issues = ledger.issues(actor).matching(query).in_progress()  # type: ignore[attr-defined]
    issues = issues.exclude(pk__in=there.exclude(issue=None).values("issue_id"))
    projects = Project.objects.visible_to(actor).matching(query)
    projects = projects.exclude(pk__in=there.filter(issue=None).values("project_id"))
    found = [_of_issue(row) for row in issues.select_related("enterprise", "project")[:MOST]]
    return found + [_of_project(row) for row in projects[: MOST // 2]]


def get_matter(actor: Actor, value: str) -> Found | None:
    """Return the issue or project a form or an address names, if the actor may see it."""
    kind, _colon, named = value.partition(":")
    pk = whole_number(named)
    if pk is None:
        return None
    if kind == "i":
        rows = ledger.issues(actor).select_related("enterprise", "project")
        issue = rows.filter(pk=pk).first()
        return _of_issue(issue) if issue else None
    project = Project.objects.visible_to(actor).filter(pk=pk).first() if kind == "p" else None
    return _of_project(project) if project else None

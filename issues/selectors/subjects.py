"""Whom an issue may be about: projects and enterprises, found by name, pinyin and initials."""

from dataclasses import dataclass

from crm.common.http import whole_number
from crm.common.people.actor import Actor
from crm.models import Enterprise
from projects.models import Project

MOST = 8


@dataclass(frozen=True, slots=True)
class Subject:
    """A project, with its enterprise where it has one, or an enterprise alone.

    `value` is what a form sends.
    """

    value: str
    title: str
    detail: str
    enterprise: Enterprise | None
    project: Project | None = None


def _of_project(row: Project) -> Subject:
    whose = row.enterprise.name if row.enterprise is not None else row.investor
    detail = f"{row.name} · {row.get_stage_display()}"
    return Subject(f"p:{row.pk}", whose, detail, row.enterprise, row)


def _of_enterprise(row: Enterprise) -> Subject:
    return Subject(f"e:{row.pk}", row.name, str(row.area), row)


def find_subjects(actor: Actor, query: str) -> list[Subject]:
    """Return what fits a query, projects first; without a query the latest projects."""
    projects = Project.objects.visible_to(actor).select_related("enterprise")
    if not query.strip():
        return [_of_project(row) for row in projects.order_by("-updated_at", "-pk")[:MOST]]
    found = {row.pk: row for row in projects.matching(query)[:MOST]}
    enterprises = list(
        Enterprise.objects.visible_to(actor).select_related("area").matching(query)[:MOST]
    )
    theirs = projects.filter(enterprise__in=[row.pk for row in enterprises])
    found |= {row.pk: row for row in theirs.order_by("-updated_at", "-pk")[:MOST]}
    subjects = [_of_project(row) for row in found.values()][:MOST]
    return subjects + [_of_enterprise(row) for row in enterprises][: max(2, MOST - len(subjects))]


def get_subject(actor: Actor, value: str) -> Subject | None:
    """Return the subject a form names, if the actor may see it."""
    kind, _colon, named = value.partition(":")
    pk = whole_number(named)
    if pk is None:
        return None
    if kind == "p":
        project = (
            Project.objects.visible_to(actor).filter(pk=pk).select_related("enterprise").first()
        )
        return _of_project(project) if project else None
    enterprise = Enterprise.objects.visible_to(actor).filter(pk=pk).select_related("area").first()
    return _of_enterprise(enterprise) if kind == "e" and enterprise else None

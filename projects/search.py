"""What the workspace search finds of projects."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.slots.search import Hit, SearchIndex, register
from projects.models import Project


def _find(actor: Actor, query: str) -> QuerySet[Project]:
    return Project.objects.visible_to(actor).matching(query).select_related("area")


def _hit(project: Project) -> Hit:
    return Hit(
        title=project.name,
        subtitle=f"{project.code} · {project.area} · {project.get_stage_display()}",
        url=reverse("staff:projects:project_detail", args=[project.pk]),
    )


register(
    SearchIndex(
        key="projects",
        label=_("Projects"),
        icon="building-factory-2",
        order=10,
        find=_find,
        hit=_hit,
    )
)

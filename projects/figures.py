"""What the bulletin counts of projects; every figure as of a cut-off, with its rows."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.slots.figures import Figure, register
from projects.models import Approval, Project, ZeroBurdenDecision


def _present(cutoff: datetime, prefix: str = "") -> Q:
    """Registered before the cut-off and not removed by then; a later removal changes nothing."""
    removed = Q(**{f"{prefix}removed_at": None}) | Q(**{f"{prefix}removed_at__gte": cutoff})
    return removed & Q(**{f"{prefix}created_at__lt": cutoff})


def _projects(cutoff: datetime) -> QuerySet[Project]:
    return Project.objects.filter(_present(cutoff)).select_related("area").order_by("code")


def _agency_matters(cutoff: datetime) -> QuerySet[Approval]:
    return (
        Approval.objects.filter(_present(cutoff, "project__"), entrusted_at__lt=cutoff)
        .select_related("project", "version_of_matter", "department")
        .order_by("number")
    )


def _zero_burden(cutoff: datetime) -> QuerySet[ZeroBurdenDecision]:
    in_force = Q(revoked_at=None) | Q(revoked_at__gte=cutoff)
    return (
        ZeroBurdenDecision.objects.filter(
            _present(cutoff, "project__"), in_force, decided_at__lt=cutoff
        )
        .select_related("project")
        .order_by("number")
    )


register(
    Figure(
        key="projects",
        label=_("Projects served"),
        definition=_(
            "Projects registered before the cut-off; parts of a contract count once each."
        ),
        unit=_("projects"),
        rows=_projects,
        columns=(
            ("code", _("Number")),
            ("name", _("Project")),
            ("area__name", _("Area")),
            ("created_at", _("Registered")),
        ),
    )
)
register(
    Figure(
        key="agency_matters",
        label=_("Approval matters entrusted"),
        definition=_("Approval cases an enterprise entrusted to agents before the cut-off."),
        unit=_("matters"),
        rows=_agency_matters,
        columns=(
            ("number", _("Case number")),
            ("name", _("Matter")),
            ("project__name", _("Project")),
            ("department__short_name", _("Department")),
            ("entrusted_at", _("Entrusted")),
        ),
    )
)
register(
    Figure(
        key="zero_burden_projects",
        label=_("Zero-burden projects"),
        definition=_("Projects with a zero-burden decision in force at the cut-off."),
        unit=_("projects"),
        rows=_zero_burden,
        count_of="project",
        columns=(
            ("number", _("Decision")),
            ("project__name", _("Project")),
            ("relieved_fen", _("Relieved (yuan)")),
            ("decided_at", _("Decided")),
        ),
    )
)

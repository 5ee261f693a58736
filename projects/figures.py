"""What the bulletin counts of projects; every figure as of a cut-off, with its rows."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import local_date
from crm.common.quantity import Kind
from crm.common.slots.figures import Count, Figure, Median, Sum, Window, month_before, register
from projects.enums import STAGES, ApprovalStatus, ProjectKind, Stage, Standing
from projects.models import (
    AgreedInvestment,
    Approval,
    InvestmentProgress,
    Project,
    ZeroBurdenDecision,
)
from projects.rules import CONSTRUCTION_PERMIT
from projects.states import APPROVAL_MACHINE, STAGE_MACHINE, STANDING_MACHINE


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
        .select_related("project__area")
        .order_by("number")
    )


def _known(cutoff: datetime) -> Q:
    """Recorded before the cut-off and not superseded by then."""
    standing = Q(superseded_at=None) | Q(superseded_at__gte=cutoff)
    return standing & Q(recorded_at__lt=cutoff)


def _signed(cutoff: datetime) -> QuerySet[AgreedInvestment]:
    """Contracts of projects that were signed by then; a part stands in the whole's amount."""
    projects = STAGE_MACHINE.on(Project.objects.filter(_present(cutoff), parent=None), cutoff)
    signed = projects.filter(state_then__in=STAGES[STAGES.index(Stage.SIGNED) :])
    return (
        AgreedInvestment.objects.filter(_known(cutoff), project__in=signed.values("pk"))
        .select_related("project__area")
        .order_by("project__code")
    )


def _paid_in(cutoff: datetime) -> QuerySet[InvestmentProgress]:
    month = local_date(month_before(cutoff)[0])
    return (
        InvestmentProgress.objects.filter(
            _present(cutoff, "project__"), _known(cutoff), month=month
        )
        .select_related("project__area")
        .order_by("project__code")
    )


def _without_paid_in(cutoff: datetime) -> QuerySet[Any]:
    """Projects under construction then that reported nothing of the month."""
    building = STAGE_MACHINE.on(Project.objects.filter(_present(cutoff)), cutoff)
    running = STANDING_MACHINE.on(
        Project.objects.filter(
            pk__in=building.filter(state_then=Stage.STARTED).values("pk"),
        ),
        cutoff,
    )
    told = _paid_in(cutoff).values("project")
    return running.filter(state_then=Standing.RUNNING).exclude(pk__in=told)


def _decided(cutoff: datetime) -> QuerySet[Any]:
    """Cases granted in the month, as the log of moves said at its end."""
    since = local_date(month_before(cutoff)[0])
    cases = APPROVAL_MACHINE.on(Approval.objects.filter(_present(cutoff, "project__")), cutoff)
    granted = (ApprovalStatus.DECIDED, ApprovalStatus.DELIVERED, ApprovalStatus.RATED)
    return (
        cases.filter(
            state_then__in=granted, decided_on__gte=since, decided_on__lt=local_date(cutoff)
        )
        .select_related("project__area", "version_of_matter", "department")
        .prefetch_related("pauses")
        .order_by("number")
    )


def _permits(cutoff: datetime) -> QuerySet[Any]:
    """Construction permits of industry granted in the month, with all cases of their projects."""
    return (
        _decided(cutoff)
        .filter(matter__code=CONSTRUCTION_PERMIT, project__kind=ProjectKind.INDUSTRIAL)
        .prefetch_related("project__approvals__pauses")
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
        area="area__name",
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
        area="project__area__name",
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
        measure=Count("project"),
        area="project__area__name",
        columns=(
            ("number", _("Decision")),
            ("project__name", _("Project")),
            ("relieved_fen", _("Relieved (yuan)")),
            ("decided_at", _("Decided")),
        ),
    )
)
register(
    Figure(
        key="relieved_amount",
        label=_("Fees relieved"),
        definition=_("Fees of the zero-burden decisions in force at the cut-off."),
        unit=_("10,000 yuan"),
        rows=_zero_burden,
        measure=Sum("relieved_fen"),
        kind=Kind.MONEY,
        area="project__area__name",
        columns=(
            ("number", _("Decision")),
            ("project__name", _("Project")),
            ("relieved_fen", _("Relieved (yuan)")),
            ("decided_at", _("Decided")),
        ),
    )
)
register(
    Figure(
        key="agreed_amount",
        label=_("Agreed investment of signed projects"),
        definition=_(
            "What the contracts of projects signed before the cut-off were worth then; "
            "a part stands in the amount of the whole."
        ),
        unit=_("10,000 yuan"),
        rows=_signed,
        measure=Sum("amount_fen"),
        kind=Kind.MONEY,
        area="project__area__name",
        columns=(
            ("project__code", _("Number")),
            ("project__name", _("Project")),
            ("project__area__name", _("Area")),
            ("amount_fen", _("Agreed investment (yuan)")),
        ),
    )
)
register(
    Figure(
        key="paid_in_amount",
        label=_("Investment paid in in the month"),
        definition=_(
            "What projects reported as paid in for the month before its end. Projects under "
            "construction without a report are named apart: they do not count as zero."
        ),
        unit=_("10,000 yuan"),
        rows=_paid_in,
        measure=Sum("amount_fen"),
        kind=Kind.MONEY,
        window=Window.MONTH,
        area="project__area__name",
        missing=_without_paid_in,
        columns=(
            ("project__code", _("Number")),
            ("project__name", _("Project")),
            ("project__area__name", _("Area")),
            ("amount_fen", _("Paid in (yuan)")),
            ("evidence", _("Evidence")),
        ),
    )
)
register(
    Figure(
        key="approval_workdays",
        label=_("Working days an approval takes, median"),
        definition=_(
            "From acceptance to decision, without clock stops, of the cases granted in the month."
        ),
        unit=_("working days"),
        rows=_decided,
        measure=Median(lambda case: case.workdays_taken),
        kind=Kind.WORKDAYS,
        window=Window.MONTH,
        area="project__area__name",
        columns=(
            ("number", _("Case number")),
            ("name", _("Matter")),
            ("project__name", _("Project")),
            ("department__short_name", _("Department")),
            ("accepted_on", _("Accepted")),
            ("decided_on", _("Decided")),
            ("workdays_taken", _("Working days")),
        ),
    )
)
register(
    Figure(
        key="whole_process_workdays",
        label=_("Working days from filing to the construction permit, median"),
        definition=_(
            "Industrial projects whose construction permit was granted in the month: working days "
            "on which at least one of their approvals ran, from filing on. Approvals side by side "
            "count once; clock stops, land auctions and contracts do not count."
        ),
        unit=_("working days"),
        rows=_permits,
        measure=Median(lambda permit: permit.whole_process_workdays),
        kind=Kind.WORKDAYS,
        window=Window.MONTH,
        area="project__area__name",
        columns=(
            ("project__code", _("Number")),
            ("project__name", _("Project")),
            ("project__area__name", _("Area")),
            ("decided_on", _("Decided")),
            ("whole_process_workdays", _("Working days")),
        ),
    )
)

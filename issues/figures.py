"""The figures of this room as of a cut-off: counted from rows, never written down."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.slots.figures import Figure, register
from issues.models import AgendaItem, Issue, Meeting, Sweep
from projects.models import Project

ISSUE_COLUMNS = (
    ("number", _("Number")),
    ("title", _("Issue")),
    ("enterprise__name", _("Enterprise")),
    ("project__name", _("Project")),
    ("category__name", _("Category")),
    ("received_at", _("Received")),
)


def sweeps(cutoff: datetime) -> QuerySet[Sweep]:
    """Return the rounds opened before the cut-off."""
    return Sweep.objects.filter(opened_at__lt=cutoff)


def sweep_issues(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues found in rounds before the cut-off."""
    return Issue.objects.filter(sweep_visit__isnull=False, received_at__lt=cutoff)


def meetings(cutoff: datetime) -> QuerySet[Meeting]:
    """Return the meetings that had taken place before the cut-off."""
    return Meeting.objects.held().filter(held_at__lt=cutoff)


def coordinated_issues(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues on agendas of meetings held before the cut-off, each once."""
    items = AgendaItem.objects.filter(meeting__in=meetings(cutoff), issue__isnull=False)
    return Issue.objects.filter(pk__in=items.values("issue_id"))


def coordinated_projects(cutoff: datetime) -> QuerySet[Project]:
    """Return the projects whose issues were coordinated, each once."""
    dealt_with = coordinated_issues(cutoff).values("project_id")
    return Project.objects.filter(pk__in=dealt_with).select_related("area").order_by("code")


register(
    Figure(
        key="sweeps",
        label=_("Sweep rounds"),
        definition=_("Rounds of the full sweep opened before the cut-off."),
        unit=pgettext_lazy("unit", "rounds"),
        rows=sweeps,
        columns=(
            ("number", _("Round")),
            ("title", _("Title")),
            ("starts_on", _("From")),
            ("ends_on", _("Until")),
        ),
    )
)
register(
    Figure(
        key="sweep_issues",
        label=_("Issues found in sweeps"),
        definition=_("Issues recorded during visits of a sweep round before the cut-off."),
        unit=pgettext_lazy("unit", "issues"),
        rows=sweep_issues,
        columns=ISSUE_COLUMNS,
    )
)
register(
    Figure(
        key="meetings",
        label=_("Coordination meetings"),
        definition=_("Meetings that had taken place before the cut-off; plans do not count."),
        unit=pgettext_lazy("unit", "meetings"),
        rows=meetings,
        columns=(
            ("number", _("Number")),
            ("title", _("Meeting")),
            ("held_at", _("Held")),
            ("place", _("Place")),
            ("chair", _("Chair")),
        ),
    )
)
register(
    Figure(
        key="coordinated_issues",
        label=_("Issues coordinated"),
        definition=_("Issues on the agenda of meetings held before the cut-off, each once."),
        unit=pgettext_lazy("unit", "issues"),
        rows=coordinated_issues,
        columns=ISSUE_COLUMNS,
    )
)
register(
    Figure(
        key="coordinated_projects",
        label=_("Projects coordinated"),
        definition=_("Projects whose issues were coordinated before the cut-off."),
        unit=pgettext_lazy("unit", "projects"),
        rows=coordinated_projects,
        columns=(
            ("code", _("Number")),
            ("name", _("Project")),
            ("area__name", _("Area")),
        ),
    )
)

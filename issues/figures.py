"""The figures of this room as of a cut-off: counted from rows, never written down."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.quantity import Kind
from crm.common.slots.figures import Figure, Ratio, Window, month_before, register
from issues.enums import HELD_STATUSES, IssueStatus, RoundEnd
from issues.models import AgendaItem, Issue, IssueRound, Meeting, Sweep
from issues.states import ISSUE_MACHINE, MEETING_MACHINE
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
    """Return the rounds opened before the cut-off; a planned one has not begun."""
    return Sweep.objects.filter(opened_at__lt=cutoff)


def sweep_issues(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues found in rounds before the cut-off."""
    return Issue.objects.standing(cutoff).filter(visit__sweep_target__isnull=False)


def meetings(cutoff: datetime) -> QuerySet[Meeting]:
    """Return the meetings on record as held before the cut-off; one written down late is later."""
    rows = MEETING_MACHINE.on(Meeting.objects.filter(held_at__lt=cutoff), cutoff)
    return rows.filter(state_then__in=HELD_STATUSES)


def struck_off(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues that were struck off at the cut-off, whatever happened since."""
    rows = ISSUE_MACHINE.on(Issue.objects.standing(cutoff), cutoff)
    return rows.filter(state_then=IssueStatus.CLOSED)


def confirmed(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues whose enterprise had said “solved”; silence is not among them."""
    rounds = IssueRound.objects.filter(outcome=RoundEnd.SOLVED, ended_at__lt=cutoff)
    return struck_off(cutoff).filter(pk__in=_last_before(rounds, cutoff))


def unconfirmed(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues struck off at the cut-off without a word of the enterprise."""
    rounds = IssueRound.objects.filter(outcome=RoundEnd.UNCONFIRMED, ended_at__lt=cutoff)
    return struck_off(cutoff).filter(pk__in=_last_before(rounds, cutoff))


def _last_before(rounds: QuerySet[IssueRound], cutoff: datetime) -> QuerySet[Any]:
    """Return the issues whose latest round begun before the cut-off is among these."""
    later = IssueRound.objects.filter(
        issue=OuterRef("issue"), number__gt=OuterRef("number"), opened_at__lt=cutoff
    )
    return rounds.exclude(Exists(later)).values("issue_id")


def coordinated_issues(cutoff: datetime) -> QuerySet[Issue]:
    """Return the issues on agendas of meetings held before the cut-off, each once."""
    items = AgendaItem.objects.filter(
        meeting__in=meetings(cutoff).values("pk"), issue__isnull=False
    )
    return Issue.objects.standing(cutoff).filter(pk__in=items.values("issue_id"))


def coordinated_projects(cutoff: datetime) -> QuerySet[Project]:
    """Return the projects whose issues were coordinated, each once."""
    dealt_with = coordinated_issues(cutoff).values("project_id")
    return Project.objects.filter(pk__in=dealt_with).select_related("area").order_by("code")


def closed_rounds(cutoff: datetime) -> QuerySet[IssueRound]:
    """Return the rounds that ended in the month with the issue struck off."""
    since, until = month_before(cutoff)
    return (
        IssueRound.objects.filter(
            issue__in=Issue.objects.standing(cutoff).values("pk"),
            outcome__in=[RoundEnd.SOLVED, RoundEnd.UNCONFIRMED],
            ended_at__gte=since,
            ended_at__lt=until,
        )
        .select_related("issue__enterprise", "issue__project", "issue__category", "issue__area")
        .order_by("issue__number", "number")
    )


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
for _key, _label, _definition, _rows in (
    (
        "issues_struck_off",
        _("Issues struck off"),
        _("Issues that stood as struck off at the cut-off; one opened again later still counts."),
        struck_off,
    ),
    (
        "issues_confirmed",
        _("Solved, say the enterprises"),
        _("Issues struck off at the cut-off whose enterprise had said “solved”."),
        confirmed,
    ),
    (
        "issues_unconfirmed",
        _("Struck off unconfirmed"),
        _("Issues struck off at the cut-off whose enterprise was asked and kept silent."),
        unconfirmed,
    ),
):
    register(
        Figure(
            key=_key,
            label=_label,
            definition=_definition,
            unit=pgettext_lazy("unit", "issues"),
            rows=_rows,
            columns=ISSUE_COLUMNS,
        )
    )
register(
    Figure(
        key="issues_on_time",
        label=_("Issues struck off on time"),
        definition=_(
            "Of the rounds that ended in the month with the issue struck off, those that ended "
            "by their due day, as it stood with all extensions."
        ),
        unit="%",
        rows=closed_rounds,
        measure=Ratio(Q(ended_at__date__lte=F("due_on"))),
        kind=Kind.SHARE,
        window=Window.MONTH,
        area="issue__area__name",
        columns=(
            *((f"issue__{path}", label) for path, label in ISSUE_COLUMNS[:-1]),
            ("due_on", _("Due")),
            ("ended_at", _("Struck off")),
        ),
    )
)

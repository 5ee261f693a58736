"""The lists of issues and of meetings: columns, how they are drawn, actions on many rows."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.common.days import clock
from crm.common.days.calendar import load_calendar
from crm.common.errors import UserFacingError
from crm.common.face import formatting
from crm.common.face.lists import BulkAction, Column, ListSpec, Phone, Preset, cells, register
from crm.common.people.actor import Actor
from issues import services
from issues.enums import IssueStatus, MeetingStatus, Severity, SweepStatus
from issues.filters import IssueFilter, MeetingFilter, PortalIssueFilter, SweepFilter
from issues.forms import UnitForm
from issues.models import Issue, Meeting, Sweep
from issues.permissions import OFFICE
from issues.selectors import ledger, rounds

SHOWN_WORDS = 60


# What the columns draw; anything else would cost a query a row, which the counts of queries catch.
DRAWN = (
    *("number", "title", "verbatim", "severity", "status", "round_number", "due_on", "received_at"),
    "version",
)


def _for_page(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    counted = ledger.for_list(rows).counted(load_calendar(), clock.today())  # type: ignore[attr-defined]
    return counted.only(*DRAWN)  # type: ignore[no-any-return]


def _title(issue: Issue) -> SafeString:
    name = cells.link(cells.address("staff:issues:issue_detail", issue.pk), issue.title)
    if not issue.is_urgent:
        return name
    return format_html("{}{}", name, cells.badge(cells.choice(Severity, issue.severity)))


def _limit(issue: Issue) -> SafeString:
    if issue.resting_lamp:
        return cells.lamp(issue.resting_lamp, cells.choice(IssueStatus, issue.status))
    return cells.limit(issue.workdays_left)


def _assign(actor: Actor, issue: Issue, values: dict[str, Any], at: datetime) -> None:
    if issue.status in (IssueStatus.SIGNED, IssueStatus.HANDLING):
        # Taking work from a unit that is at it is no matter of one click for many.
        raise UserFacingError(_("A unit is at work on it: change the unit on the issue's page."))
    services.assign_issue(
        actor=actor,
        at=at,
        issue=issue,
        version=issue.version,
        department=values["department"],
    )


def _meeting(meeting: Meeting) -> SafeString:
    return cells.link(cells.address("staff:issues:meeting_detail", meeting.pk), meeting.title)


def _sweep(sweep: Sweep) -> SafeString:
    return cells.link(cells.address("staff:issues:sweep_detail", sweep.pk), sweep.title)


# Where an issue is, with whom, and how long there is: the same to the city and to the enterprise.
HOW_IT_STANDS = (
    Column(
        "step",
        _("Step"),
        lambda i: cells.choice(IssueStatus, i.status),
        sort=("status",),
        cell_css="nowrap",
    ),
    Column("unit", _("Responsible unit"), lambda i: i.units),
    Column(
        "due",
        _("Limit"),
        lambda i: i.due_on,
        cell=_limit,
        sort=("due_on",),
        cell_css="nowrap",
    ),
)

ISSUES = register(
    ListSpec(
        key="issues.issues",
        title=_("Issues"),
        template="issues/issue_list.html",
        rows=ledger.with_mistakes,
        filterset=IssueFilter,
        default_sort="-received",
        columns=(
            Column(
                "title",
                _("Issue"),
                lambda i: i.title,
                cell=_title,
                optional=False,
                phone=Phone.MAIN,
            ),
            Column(
                "number",
                _("Number"),
                lambda i: i.number,
                sort=("number",),
                css="as-xl",
                phone=Phone.HIDDEN,
                cell_css="nowrap",
            ),
            Column(
                "enterprise",
                _("Enterprise"),
                lambda i: i.subject_name,
                sort=("enterprise__name",),
                cell_css="ink-2",
            ),
            Column("category", _("Category"), lambda i: i.told_category, cell_css="nowrap"),
            *HOW_IT_STANDS,
            Column(
                "received",
                _("Received"),
                lambda i: clock.local_date(i.received_at),
                cell=lambda i: formatting.day(i.received_at),
                sort=("received_at",),
                css="as-xl",
                phone=Phone.HIDDEN,
                cell_css="nowrap",
            ),
            Column("area", _("Area"), lambda i: i.told_area, shown=False, cell_css="nowrap"),
            Column(
                "verbatim",
                _("In their words"),
                lambda i: i.verbatim,
                cell=lambda i: Truncator(i.verbatim).chars(SHOWN_WORDS),
                shown=False,
            ),
        ),
        for_page=_for_page,
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(_("My next step"), "due=mine"),
            Preset(_("Overdue"), "due=overdue"),
            Preset(pgettext_lazy("issue", "Open"), "due=open"),
        ],
        bulk=(
            BulkAction(
                "assign",
                _("Assign a unit"),
                "send",
                allowed=lambda actor: actor.has(*OFFICE),
                work=_assign,
                asks=UnitForm,
            ),
        ),
    )
)


def _own_title(issue: Issue) -> SafeString:
    return cells.link(cells.address("portal:issues:issue_detail", issue.pk), issue.title)


OWN_ISSUES = register(
    ListSpec(
        key="issues.own",
        title=_("My issues"),
        template="issues/portal_issue_list.html",
        rows=ledger.own_issues,
        filterset=PortalIssueFilter,
        default_sort="-received",
        columns=(
            Column(
                "title",
                _("Issue"),
                lambda i: i.title,
                cell=_own_title,
                optional=False,
                phone=Phone.MAIN,
            ),
            Column("number", _("Number"), lambda i: i.number, sort=("number",), cell_css="nowrap"),
            *HOW_IT_STANDS,
            Column(
                "received",
                _("Received"),
                lambda i: clock.local_date(i.received_at),
                cell=lambda i: formatting.day(i.received_at),
                sort=("received_at",),
                cell_css="nowrap",
            ),
            Column("category", _("Category"), lambda i: i.told_category, shown=False),
            Column("enterprise", _("Enterprise"), lambda i: i.subject_name, shown=False),
        ),
        for_page=_for_page,
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(_("To confirm"), "show=asked", ledger.to_confirm(actor).count()),
            Preset(pgettext_lazy("issue", "Open"), "show=open"),
        ],
    )
)

MEETINGS = register(
    ListSpec(
        key="issues.meetings",
        title=_("Coordination meetings"),
        template="issues/meeting_list.html",
        rows=rounds.meetings,
        filterset=MeetingFilter,
        default_sort="-planned",
        columns=(
            Column(
                "title",
                _("Meeting"),
                lambda m: m.title,
                cell=_meeting,
                optional=False,
                phone=Phone.MAIN,
            ),
            Column(
                "number",
                _("Number"),
                lambda m: m.number,
                cell=lambda m: m.number or "",
                sort=("number",),
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "planned",
                _("Date"),
                lambda m: clock.local_date(m.planned_at),
                cell=lambda m: formatting.day(m.planned_at),
                sort=("planned_at",),
                cell_css="nowrap",
            ),
            Column("place", _("Place"), lambda m: m.place, css="as-xl", phone=Phone.HIDDEN),
            Column("chair", _("Chair"), lambda m: m.chair, cell_css="nowrap"),
            Column(
                "issues",
                _("Issues"),
                lambda m: m.issue_count,
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "tasks",
                _("Settled"),
                lambda m: m.task_count,
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "state",
                _("State"),
                lambda m: cells.choice(MeetingStatus, m.status),
                sort=("status",),
                cell_css="nowrap",
            ),
        ),
        presets=lambda actor: [Preset(_("All"), ""), Preset(_("Held"), "held=1")],
    )
)

SWEEPS = register(
    ListSpec(
        key="issues.sweeps",
        title=_("Sweep rounds"),
        template="issues/sweep_list.html",
        rows=rounds.sweeps,
        filterset=SweepFilter,
        default_sort="-from",
        columns=(
            Column(
                "title",
                _("Round"),
                lambda s: s.title,
                cell=_sweep,
                optional=False,
                phone=Phone.MAIN,
            ),
            Column(
                "from",
                _("From"),
                lambda s: s.starts_on,
                cell=lambda s: formatting.day(s.starts_on),
                sort=("starts_on",),
                cell_css="nowrap",
            ),
            Column(
                "until",
                _("Until"),
                lambda s: s.ends_on,
                cell=lambda s: formatting.day(s.ends_on),
                sort=("ends_on",),
                cell_css="nowrap",
            ),
            Column(
                "targets",
                _("Targets"),
                lambda s: s.target_count,
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "visited",
                _("Visited"),
                lambda s: s.visit_count,
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "issues",
                _("Issues"),
                lambda s: s.issue_count,
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "closed",
                _("Struck off"),
                lambda s: s.closed_count,
                numeric=True,
                phone=Phone.NAMED,
            ),
            Column(
                "state",
                _("State"),
                lambda s: cells.choice(SweepStatus, s.status),
                sort=("status",),
                cell_css="nowrap",
            ),
        ),
        presets=lambda actor: [
            Preset(_("All"), ""),
            Preset(pgettext_lazy("sweep", "Going on"), f"status={SweepStatus.OPEN}"),
        ],
    )
)

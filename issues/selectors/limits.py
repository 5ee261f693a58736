"""Which limits are in force, and which days follow from them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar, load_calendar
from crm.common.days.clock import local_date
from crm.common.errors import UserFacingError
from crm.models import Department
from issues.enums import Severity
from issues.models import Issue, IssueCategory, LimitRule, LimitVersion
from issues.rules import Limits


@dataclass(frozen=True, slots=True)
class DueDates:
    """The three days by which an issue must be contacted, answered and solved."""

    contact: date
    answer: date
    solve: date
    limits: Limits

    @property
    def workdays(self) -> int:
        """The working days to the solution."""
        return self.limits.solve


@dataclass(frozen=True, slots=True)
class Forecast:
    """What the log screen says before anything is sent."""

    department: Department | None
    due: DueDates


def version_on(on: date) -> LimitVersion | None:
    """Return the version of the city's limits in force on a day."""
    rows = LimitVersion.objects.in_force(on)
    return rows.order_by("-effective_from").first()


def limits_for(category: IssueCategory, severity: str, on: date) -> Limits:
    """Return the limits in force on a day; a rule of the category wins over a general one.

    Raises UserFacingError when the city has none for this severity.
    """
    version = version_on(on)
    rules = LimitRule.objects.filter(version=version, severity=severity)
    rule = (
        rules.filter(category__in=[category.pk, category.parent_id])
        .order_by(F("category__parent").desc(nulls_last=True))
        .first()
        or rules.filter(category=None).first()
    )
    if version is None or rule is None:
        raise UserFacingError(
            _("No limit is in force on %(day)s for this impact. Ask the administrator to add one.")
            % {"day": on.isoformat()}
        )
    return Limits(
        version.pk, rule.contact_days, rule.answer_days, rule.solve_days, rule.confirm_days
    )


def due_dates(
    category: IssueCategory,
    severity: str,
    reported_at: datetime,
    calendar: WorkCalendar | None = None,
) -> DueDates:
    """Return the days due, counted in working days from the report; its own day does not count."""
    day = local_date(reported_at)
    limits = limits_for(category, severity, day)
    days = calendar or load_calendar()
    return DueDates(
        contact=days.add_workdays(day, limits.contact),
        answer=days.add_workdays(day, limits.answer),
        solve=days.add_workdays(day, limits.solve),
        limits=limits,
    )


def contact_day(issue: Issue) -> date | None:
    """Return the day by which the enterprise is called, while nobody has the issue yet."""
    if not issue.is_received:
        return None
    limits = limits_for(issue.category, issue.severity, local_date(issue.reported_at))
    return load_calendar().add_workdays(local_date(issue.reported_at), limits.contact)


def severity_limits(category: IssueCategory | None, on: date) -> dict[str, int]:
    """Return the working days to the solution for each impact, for the chips."""
    version = version_on(on)
    rules = LimitRule.objects.filter(version=version, category=None)
    found = dict(rules.values_list("severity", "solve_days"))
    if category is not None:
        own = LimitRule.objects.filter(version=version, category=category)
        found.update(dict(own.values_list("severity", "solve_days")))
    return {severity: found[severity] for severity in Severity.values if severity in found}


def forecast(category: IssueCategory, severity: str, at: datetime) -> Forecast:
    """Return the responsible unit and the days due of an issue logged now."""
    return Forecast(department=category.department, due=due_dates(category, severity, at))

"""Reads of the ledger: issues with their parts, what is due, what is missing to strike off."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, LPad
from django.utils.translation import gettext as _

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.models import Comment, StoredFile
from crm.models import Department, Enterprise
from issues.enums import ASKING_STATUSES, OPEN_STATUSES, IssueStatus
from issues.models import Issue, IssueAssignment, IssueCategory
from issues.rules import REOPENS_WITHIN, missing_evidence
from projects.models import Project
from projects.selectors import mine


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the three things without which an issue is not struck off."""

    key: str
    label: str
    met: bool


def issues(actor: Actor) -> QuerySet[Issue]:
    """Return the issues the actor may see, without those entered by mistake."""
    return Issue.objects.visible_to(actor).standing()


def with_mistakes(actor: Actor) -> QuerySet[Issue]:
    """Return the issues the actor may see with those entered by mistake, for the filter."""
    return Issue.objects.visible_to(actor)


def own_issues(actor: Actor) -> QuerySet[Issue]:
    """Return the issues of the enterprises an actor is a member of, for the portal."""
    return issues(actor).filter(enterprise_id__in=actor.enterprise_ids)


def for_list(rows: QuerySet[Issue]) -> QuerySet[Issue]:
    """Add what a list draws of each issue: names instead of records, which cost twice the time."""
    names: dict[str, Any] = {
        "told_subject": Coalesce(F("enterprise__name"), F("project__name"), Value("")),
        "told_category": F("category__name"),
        "told_area": F("area__name"),
    }
    return rows.annotate(**names).named()  # type: ignore[attr-defined,no-any-return]


def with_units() -> QuerySet[IssueAssignment]:
    """Return parts with what a row needs of them."""
    return IssueAssignment.objects.select_related("department")


def with_people() -> QuerySet[IssueAssignment]:
    """Return parts with who signed for and answered them."""
    return with_units().select_related("signed_by", "answered_by")


def ledger_choices() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the categories and the departments a list can be filtered by, in one query."""
    categories = IssueCategory.objects.filter(active=True).values_list(
        Value("c", CharField()), "pk", "name", LPad(Cast("order", CharField()), 6, Value("0"))
    )
    units = Department.objects.filter(active=True).values_list(
        Value("d", CharField()), "pk", "short_name", "path"
    )
    rows = sorted(categories.order_by().union(units.order_by(), all=True), key=lambda row: row[3])
    return (
        [(str(pk), name) for kind, pk, name, _order in rows if kind == "c"],
        [(str(pk), name) for kind, pk, name, _order in rows if kind == "d"],
    )


def active_assignments(issue: Issue) -> list[IssueAssignment]:
    """Return the departments now working on an issue, the leading one first."""
    rows = with_people().filter(
        round__issue=issue, round__number=issue.round_number, withdrawn_at=None
    )
    return list(rows.order_by("-role", "pk"))


def closing_conditions(issue: Issue) -> list[Condition]:
    """Return the three conditions of 销号: evidence, independent verification, the enterprise."""
    parts = issue.parts
    done = sum(row.answered_at is not None for row in parts)
    said = issue.current.said
    evidence = (
        _("Evidence complete (%(done)s / %(all)s)") % {"done": done, "all": len(parts)}
        if parts
        else _("Evidence")
    )
    return [
        Condition("evidence", evidence, not any(missing_evidence(issue))),
        Condition(
            "verified",
            _("Verified on site"),
            issue.status in (IssueStatus.VERIFIED, IssueStatus.CLOSED),
        ),
        Condition(
            "confirmed", _("Confirmed by the enterprise"), said is not None and said.is_solved
        ),
    ]


def days_left(issue: Issue, on: date, calendar: WorkCalendar) -> int | None:
    """Return the working days left to the solution, negative when overdue.

    None when the clock does not run: struck off, parked, not accepted.
    """
    if issue.resting_lamp:
        return None
    return calendar.workdays_between(on, issue.due_on)


def days_used(issue: Issue, calendar: WorkCalendar) -> int | None:
    """Return the working days the last round of a closed issue took."""
    if issue.closed_at is None:
        return None
    begun = local_date(issue.current.clock_from)
    return calendar.workdays_between(begun, local_date(issue.closed_at))


def overdue(rows: QuerySet[Issue], on: date) -> QuerySet[Issue]:
    """Return the issues in progress whose day has passed."""
    return rows.in_progress().filter(due_on__lt=on)  # type: ignore[attr-defined]


def to_do(actor: Actor) -> QuerySet[Issue]:
    """Return the issues whose next step is the actor's, the most urgent first."""
    rows = Issue.objects.visible_to(actor)
    statuses: set[str] = set()
    if actor.has(Role.AGENT, Role.LEAD) and not actor.is_system:
        statuses |= {
            IssueStatus.RECEIVED,
            IssueStatus.RETURNED,
            IssueStatus.ANSWERED,
            IssueStatus.VERIFIED,
        }
    wanted = rows.filter(status__in=statuses)
    if actor.has(Role.HANDLER) and not actor.is_system:
        part = IssueAssignment.objects.filter(
            round__issue=OuterRef("pk"),
            round__ended_at=None,
            department_id__in=actor.department_ids,
            withdrawn_at=None,
            answered_at=None,
        )
        mine = rows.filter(
            Exists(part),
            status__in=(IssueStatus.ASSIGNED, IssueStatus.SIGNED, IssueStatus.HANDLING),
        )
        wanted = wanted | mine
    return wanted.order_by("due_on", "pk")


def to_sign(actor: Actor) -> set[int]:
    """Return the keys of the issues the actor's departments have not signed for."""
    if not actor.has(Role.HANDLER) or actor.is_system:
        return set()
    parts = IssueAssignment.objects.filter(
        round__issue__in=to_do(actor).order_by().values("pk"),
        round__ended_at=None,
        department_id__in=actor.department_ids,
        withdrawn_at=None,
        signed_at=None,
    )
    return set(parts.values_list("round__issue_id", flat=True))


def to_urge(actor: Actor, until: date) -> QuerySet[Issue]:
    """Return the issues an agent looks after that a department should answer by a day.

    Those the agent logged, and those of the projects on whose team the agent is.
    """
    if not actor.has(Role.AGENT) or actor.is_system:
        return Issue.objects.none()
    projects = Project.objects.filter(mine(actor)).values("pk")
    rows = Issue.objects.visible_to(actor).filter(
        Q(created_by_id=actor.user_id) | Q(project__in=projects),
        status__in=(IssueStatus.ASSIGNED, IssueStatus.SIGNED, IssueStatus.HANDLING),
        due_on__lte=until,
    )
    return rows.order_by("due_on", "pk")


def to_confirm(actor: Actor) -> QuerySet[Issue]:
    """Return the answered issues on which the actor's enterprise has not said a word yet."""
    return (
        Issue.objects.visible_to(actor)
        .filter(
            enterprise_id__in=actor.enterprise_ids,
            status__in=ASKING_STATUSES,
            rounds__ended_at=None,
            rounds__confirmations=None,
        )
        .order_by("due_on", "pk")
    )


def still_open(actor: Actor, enterprise: Enterprise, category: IssueCategory) -> Issue | None:
    """Return the newest open issue of an enterprise in a category: to it more may be added."""
    rows = own_issues(actor).filter(
        enterprise=enterprise, category=category, status__in=OPEN_STATUSES
    )
    return rows.order_by("-received_at", "-pk").first()


def words_added(issue: Issue) -> list[Comment]:
    """Return what the enterprise itself added, oldest first: never a note of the staff."""
    rows = Comment.objects.filter(
        target_type=ContentType.objects.get_for_model(Issue),
        target_id=str(issue.pk),
        withdrawn_at=None,
        created_by__memberships__enterprise=issue.enterprise_id,
    )
    return list(rows.select_related("created_by").distinct().order_by("created_at", "pk"))


def photos_of(issue: Issue) -> list[StoredFile]:
    """Return all files of an issue, oldest first, with who took them."""
    return list(
        StoredFile.objects.filter(
            target_type=ContentType.objects.get_for_model(Issue), target_id=str(issue.pk)
        )
        .select_related("created_by")
        .order_by("created_at", "pk")
    )


def alike(issue: Issue, actor: Actor, limit: int = 3) -> list[Issue]:
    """Return the latest closed issues of the same category the actor may see."""
    rows = Issue.objects.visible_to(actor).filter(
        category=issue.category, status=IssueStatus.CLOSED
    )
    return list(
        rows.exclude(pk=issue.pk)
        .select_related("enterprise", "project")
        .order_by("-closed_at")[:limit]
    )


def recurrence_of(
    actor: Actor,
    category: IssueCategory,
    enterprise: Enterprise | None,
    project: Project | None,
    at: datetime,
) -> Issue | None:
    """Return the struck-off issue of the same subject and category that has come up again.

    Only one the actor may see: a complaint is neither offered to nor opened again by whom it
    is about.
    """
    whose = {"enterprise": enterprise} if enterprise else {"project": project}
    rows = Issue.objects.visible_to(actor).filter(
        category=category,
        status=IssueStatus.CLOSED,
        closed_at__gte=at - REOPENS_WITHIN,
        closed_at__lte=at,
        **whose,
    )
    return rows.order_by("-closed_at", "-pk").first()

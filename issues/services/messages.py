"""Who is told what when an issue moves."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from crm.common.days.clock import local_date
from crm.common.face import formatting
from crm.common.outbox import messages
from crm.common.outbox.models import Recipient
from crm.common.people.models import User
from crm.models import Department
from crm.selectors import handlers_of
from issues.models import Confirmation, Issue, IssueAssignment, Sweep
from issues.selectors.ledger import active_assignments
from issues.selectors.people import keepers_of, members_of


def _words(issue: Issue, **more: Any) -> dict[str, Any]:
    return {
        "number": issue.number,
        "title": issue.title,
        "enterprise": issue.subject_name,
        "due": issue.due_on.isoformat(),
        **more,
    }


def _work_url(issue: Issue) -> str:
    return reverse("staff:issues:issue_detail", args=[issue.pk])


def _portal_url(issue: Issue) -> str:
    return reverse("portal:issues:issue_detail", args=[issue.pk])


def _key(issue: Issue, at: datetime) -> str:
    return f"{issue.pk}:{at.isoformat()}"


def assigned(issue: Issue, departments: Iterable[Department], *, at: datetime) -> None:
    """Tell the handlers of the departments."""
    messages.queue(
        "issues.assigned",
        recipients=handlers_of(departments),
        context=_words(issue),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )


def reported(issue: Issue, contact: date, *, at: datetime) -> None:
    """Tell who looks after an enterprise that it reported something itself."""
    messages.queue(
        "issues.reported",
        recipients=keepers_of(issue),
        context=_words(issue, contact=contact.isoformat()),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )


def added(issue: Issue, words: str, *, at: datetime) -> None:
    """Tell who looks after an issue and who works on it what the enterprise added."""
    units = [row.department for row in active_assignments(issue)]
    people = {one.pk: one for one in (*keepers_of(issue), *handlers_of(units))}
    messages.queue(
        "issues.added",
        recipients=list(people.values()),
        context=_words(issue, words=words),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )


def urged(
    issue: Issue, departments: Iterable[Department], words: str, *, by: str, at: datetime
) -> int:
    """Urge the handlers of departments; return how many people are told."""
    told = messages.queue(
        "issues.urged",
        recipients=handlers_of(departments),
        context=_words(issue, words=words, by=by),
        target=issue,
        at=at,
        dedupe_key=f"{issue.pk}:{local_date(at).isoformat()}",
        url=_work_url(issue),
    )
    return len(told)


def was_urged(issue: Issue, on: date) -> bool:
    """Say whether somebody was urged about the issue on a day."""
    stem = f"issues.urged:{issue.pk}:{on.isoformat()}:"
    return Recipient.objects.filter(dedupe_key__startswith=stem).exists()


def visits_owed(sweep: Sweep, owner: User, n: int, late: int, *, by: str, at: datetime) -> int:
    """Remind who has targets of a round left, once a day; return how many people are told."""
    told = messages.queue(
        "issues.visits_owed",
        recipients=[owner],
        context={
            "round": sweep.title,
            "due": formatting.day(sweep.ends_on),
            "n": n,
            "late": late,
            "by": by,
        },
        target=sweep,
        at=at,
        dedupe_key=f"{sweep.pk}:{local_date(at).isoformat()}",
        url=reverse("staff:issues:sweep_detail", args=[sweep.pk]) + "#left",
    )
    return len(told)


def answered(issue: Issue, part: IssueAssignment, *, at: datetime) -> bool:
    """Tell who looks after the issue, and ask the enterprise; say whether anybody was asked."""
    words = _words(issue, department=part.department.short_name, answer=part.answer)
    messages.queue(
        "issues.answered",
        recipients=keepers_of(issue),
        context=words,
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )
    members = members_of(issue.enterprise)
    messages.queue(
        "issues.confirmation_asked",
        recipients=members,
        context=words,
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_portal_url(issue),
    )
    return bool(members)


def confirmed(issue: Issue, row: Confirmation, *, at: datetime) -> None:
    """Tell who looks after the issue what the enterprise said."""
    messages.queue(
        "issues.confirmed",
        recipients=keepers_of(issue),
        context=_words(issue, outcome=row.get_outcome_display(), words=row.words),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )


def sent_back(issue: Issue, reason: str, *, at: datetime) -> None:
    """Tell the departments that the issue is theirs again."""
    messages.queue(
        "issues.sent_back",
        recipients=handlers_of([row.department for row in active_assignments(issue)]),
        context=_words(issue, reason=reason),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )


def returned(issue: Issue, reason: str, *, at: datetime) -> None:
    """Tell who looks after the issue that a department gave it back."""
    messages.queue(
        "issues.returned",
        recipients=keepers_of(issue),
        context=_words(issue, reason=reason),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_work_url(issue),
    )


def closed(issue: Issue, *, at: datetime) -> None:
    """Tell the enterprise and who looks after the issue."""
    for people, url in (
        (members_of(issue.enterprise), _portal_url(issue)),
        (keepers_of(issue), _work_url(issue)),
    ):
        messages.queue(
            "issues.closed",
            recipients=people,
            context=_words(issue),
            target=issue,
            at=at,
            dedupe_key=_key(issue, at),
            url=url,
        )


def refused(issue: Issue, reason: str, *, at: datetime) -> None:
    """Tell the enterprise why the issue was not accepted."""
    messages.queue(
        "issues.refused",
        recipients=members_of(issue.enterprise),
        context=_words(issue, reason=reason),
        target=issue,
        at=at,
        dedupe_key=_key(issue, at),
        url=_portal_url(issue),
    )

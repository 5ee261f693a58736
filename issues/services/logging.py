"""Putting an issue on record: exactly once, with its clock, its words and its pictures."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import ConflictError, NotAllowedError, UserFacingError
from crm.common.outbox import events
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records import audit
from crm.common.records.files import store_file
from crm.common.records.numbering import next_number
from crm.common.records.searching import search_columns
from crm.models import Department, Enterprise, Visit
from issues.enums import IssueSource, Severity
from issues.models import Issue, IssueCategory
from issues.permissions import can_log
from issues.rules import bounded_capture, numbered, short_title
from issues.selectors.ledger import recurrence_of
from issues.selectors.limits import due_dates
from issues.services import messages
from issues.services.assigning import assign_issue
from issues.services.closing import record_recurrence
from issues.services.rounds import begin_round
from issues.states import ISSUE_MACHINE
from projects.models import Project

MAX_PHOTOS = 9
PHOTO = "issue.photo"


@transaction.atomic
def log_issue(
    *,
    actor: Actor,
    at: datetime,
    enterprise: Enterprise | None,
    category: IssueCategory,
    verbatim: str,
    severity: str = Severity.NORMAL,
    source: str = IssueSource.VISIT,
    kind: str | None = None,
    project: Project | None = None,
    reading: str = "",
    title: str = "",
    client_uuid: UUID | None = None,
    captured_at: datetime | None = None,
    photos: Iterable[UploadedFile] = (),
    department: Department | None = None,
    visit: Visit | None = None,
    about_department: Department | None = None,
    reopens: bool = False,
) -> Issue:
    """Put an issue on record and, where `department` is given, assign it in the same step.

    A second call with the same `client_uuid` returns the first issue and stores nothing. With
    `reopens`, an issue of the same subject and category struck off in the last 90 days is
    opened again, in a new round, instead. `about_department` makes it a complaint, invisible
    to that department.
    Raises NotAllowedError, UserFacingError (empty words, foreign project, no limits),
    FileRefused (a photo that cannot be taken) and ConflictError (the id is another's issue).
    """
    if not can_log(actor):
        raise NotAllowedError(_("Only the office, departments and enterprises log issues."))
    if client_uuid is not None and (known := _sent_before(client_uuid, actor)):
        return known
    pictures = list(photos)
    words = _checked_words(verbatim, pictures, enterprise, project)
    known = recurrence_of(actor, category, enterprise, project, at) if reopens else None
    if known is not None:
        record_recurrence(actor=actor, at=at, issue=known, verbatim=words, draft=client_uuid)
        _keep_pictures(actor, at, known, pictures, captured_at)
        return _assigned(actor, at, known, department)
    heading = title.strip() or short_title(words)
    reported_at = bounded_capture(captured_at, at)
    due = due_dates(category, severity, reported_at)
    year = local_date(at).year
    try:
        with transaction.atomic():
            number = numbered("WT", year, next_number("WT", year))
            issue = Issue.objects.create(
                number=number,
                kind=kind or category.kind,
                source=source,
                category=category,
                severity=severity,
                enterprise=enterprise,
                project=project,
                area_id=_area(enterprise, project),
                title=heading,
                verbatim=words,
                reading=reading.strip(),
                captured_at=captured_at,
                received_at=at,
                client_uuid=client_uuid,
                visit=visit,
                about_department=about_department,
                reported_at=reported_at,
                due_on=due.solve,
                created_by_id=actor.user_id,
                created_at=at,
                updated_at=at,
                **search_columns(
                    heading,
                    number,
                    enterprise.name if enterprise is not None else "",
                    project.name if project is not None else "",
                ),
            )
            begin_round(issue=issue, number=1, at=at, clock_from=reported_at)
            ISSUE_MACHINE.begin(issue, actor=actor, at=at, captured_at=captured_at)
    except IntegrityError:
        # Two sends of one draft at the same moment: the first one stands.
        known = Issue.objects.filter(client_uuid=client_uuid).first() if client_uuid else None
        if known is None:
            raise
        return _the_same(known, actor)
    _keep_pictures(actor, at, issue, pictures, captured_at)
    audit.record(
        "issue.logged",
        actor=actor,
        target=issue,
        after={"number": number, "category": category.code, "severity": severity, "source": source},
    )
    events.publish("issues.logged", {"issue_id": issue.pk})
    if actor.has(Role.ENTERPRISE):
        messages.reported(issue, due.contact, at=at)
    return _assigned(actor, at, issue, department)


def _assigned(actor: Actor, at: datetime, issue: Issue, department: Department | None) -> Issue:
    if department is not None:
        assign_issue(actor=actor, at=at, issue=issue, department=department)
    return issue


def _area(enterprise: Enterprise | None, project: Project | None) -> int:
    if project is not None:
        return project.area_id
    if enterprise is None:
        raise ValueError("an issue is of an enterprise or of a project")
    return enterprise.area_id


def _keep_pictures(
    actor: Actor,
    at: datetime,
    issue: Issue,
    pictures: list[UploadedFile],
    captured_at: datetime | None,
) -> None:
    for upload in pictures:
        store_file(
            actor=actor,
            upload=upload,
            purpose=PHOTO,
            target=issue,
            at=at,
            captured_at=captured_at,
        )


def _sent_before(draft: UUID, actor: Actor) -> Issue | None:
    """Return the issue a draft was sent as before: on its own, or as a round of another."""
    known = Issue.objects.filter(client_uuid=draft).first()
    if known is not None:
        return _the_same(known, actor)
    again = Issue.objects.filter(rounds__client_uuid=draft).first()
    if again is not None and not Issue.objects.visible_to(actor).filter(pk=again.pk).exists():
        raise ConflictError(_("This draft was already sent by somebody else. Log it anew."))
    return again


def _the_same(known: Issue, actor: Actor) -> Issue:
    if known.created_by_id != actor.user_id:
        raise ConflictError(_("This draft was already sent by somebody else. Log it anew."))
    return known


def _checked_words(
    verbatim: str,
    pictures: list[UploadedFile],
    enterprise: Enterprise | None,
    project: Project | None,
) -> str:
    words = verbatim.strip()
    if not words:
        raise UserFacingError(_("Say what is the matter: the words of the enterprise are missing."))
    if len(pictures) > MAX_PHOTOS:
        raise UserFacingError(
            _("%(count)s files are too many; %(most)s are the most.")
            % {"count": len(pictures), "most": MAX_PHOTOS}
        )
    if enterprise is None and project is None:
        raise UserFacingError(_("Say whose issue it is: an enterprise or a project."))
    if project is not None and project.enterprise != enterprise:
        raise UserFacingError(_("The project belongs to another enterprise. Pick it again."))
    return words

"""协调会: request, agenda, held, minutes, signed and frozen, decisions handed out."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import events
from crm.common.people.actor import Actor, system_actor
from crm.common.records import audit
from crm.common.records.numbering import next_number
from crm.common.records.transitions import MoveRefused
from crm.models import Department
from issues.enums import IssueStatus, MeetingKind, ResolutionKind
from issues.models import AgendaItem, Issue, Meeting, Resolution
from issues.permissions import can_request_meeting
from issues.selectors.ledger import active_assignments
from issues.services.assigning import assign_issue
from issues.states import MEETING_MACHINE
from projects.enums import ItemSource
from projects.models import Project
from projects.permissions import can_edit_list
from projects.services import ItemInput, add_list_items

LONGEST_TASK = 200


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter for the agenda: an issue (its project comes with it) or a project."""

    title: str
    issue: Issue | None = None
    project: Project | None = None
    background: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a meeting settled about an item."""

    item: AgendaItem
    text: str
    kind: str = ResolutionKind.TASK
    department: Department | None = None
    due_on: date | None = None


@transaction.atomic
def request_meeting(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    planned_at: datetime,
    matters: Iterable[Matter],
    reason: str = "",
    place: str = "",
    kind: str = MeetingKind.SMALL,
) -> Meeting:
    """提请: ask for a meeting about issues or projects; raises UserFacingError without any."""
    if not can_request_meeting(actor):
        raise NotAllowedError(_("Only the office and departments ask for a meeting."))
    wanted = list(matters)
    if not wanted:
        raise UserFacingError(_("Name at least one issue or project to be talked about."))
    meeting = Meeting.objects.create(
        title=title.strip(),
        reason=reason.strip(),
        kind=kind,
        planned_at=planned_at,
        place=place.strip(),
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )
    _fill_agenda(meeting, wanted)
    MEETING_MACHINE.begin(meeting, actor=actor, at=at)
    audit.record("meeting.requested", actor=actor, target=meeting, after={"items": len(wanted)})
    return meeting


def _fill_agenda(meeting: Meeting, matters: list[Matter]) -> None:
    if any(one.issue is None and one.project is None for one in matters):
        raise UserFacingError(_("Each matter of the agenda needs an issue or a project."))
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            order=order,
            title=one.title,
            issue=one.issue,
            project=one.project or (one.issue.project if one.issue else None),
            background=one.background,
        )
        for order, one in enumerate(matters, start=1)
    )


@transaction.atomic
def set_agenda(
    *, actor: Actor, at: datetime, meeting: Meeting, matters: Iterable[Matter]
) -> Meeting:
    """议题审定: replace the matters asked for by those that are to be talked about."""
    wanted = list(matters)
    if not wanted:
        raise UserFacingError(_("Name at least one issue or project to be talked about."))
    MEETING_MACHINE.apply(meeting, "set_agenda", actor=actor, at=at)
    meeting.items.all().delete()
    _fill_agenda(meeting, wanted)
    audit.record("meeting.agenda_set", actor=actor, target=meeting, after={"items": len(wanted)})
    return meeting


@MEETING_MACHINE.makes("hold")
@transaction.atomic
def hold_meeting(
    *,
    actor: Actor,
    at: datetime,
    meeting: Meeting,
    version: int | None = None,
    held_at: datetime,
    chair: str,
    present: list[str],
    excused: list[str] | None = None,
    place: str = "",
) -> Meeting:
    """Record that a meeting took place; it then gets its consecutive number."""
    if held_at > at:
        raise MoveRefused(_("A meeting is recorded as held once it has taken place."))
    if not chair.strip():
        raise MoveRefused(_("Say who chaired the meeting."))
    MEETING_MACHINE.apply(
        meeting,
        "hold",
        actor=actor,
        at=at,
        version=version,
        changes={
            "held_at": held_at,
            "number": next_number("meeting"),
            "chair": chair.strip(),
            "present": present,
            "excused": excused or [],
            "place": place.strip() or meeting.place,
        },
    )
    audit.record("meeting.held", actor=actor, target=meeting, after={"number": meeting.number})
    return meeting


@transaction.atomic
def draft_minutes(
    *,
    actor: Actor,
    at: datetime,
    meeting: Meeting,
    text: str,
    settled: Iterable[Settled],
    version: int | None = None,
) -> Meeting:
    """起草纪要: the words of the minutes and what was settled per item; replaces a draft."""
    rows = list(settled)
    for one in rows:
        if one.item.meeting_id != meeting.pk:
            raise UserFacingError(_("An item belongs to another meeting. Reload the page."))
        if one.kind == ResolutionKind.TASK and (one.department is None or one.due_on is None):
            raise UserFacingError(
                _("“%(text)s” is a task: it needs a responsible unit and a day.")
                % {"text": one.text[:30]}
            )
    MEETING_MACHINE.apply(
        meeting,
        "draft",
        actor=actor,
        at=at,
        version=version,
        changes={"minutes": text.strip()},
    )
    Resolution.objects.filter(item__meeting=meeting).delete()
    Resolution.objects.bulk_create(
        Resolution(
            item=one.item,
            kind=one.kind,
            text=one.text.strip(),
            department=one.department,
            due_on=one.due_on,
        )
        for one in rows
    )
    audit.record("meeting.drafted", actor=actor, target=meeting, after={"settled": len(rows)})
    return meeting


def minutes_hash(meeting: Meeting) -> str:
    """Return the hash of everything that freezes with the signature."""
    rows = Resolution.objects.filter(item__meeting=meeting).order_by("item__order", "pk")
    parts = [
        meeting.number,
        meeting.title,
        meeting.held_at.timestamp() if meeting.held_at else None,
        meeting.place,
        meeting.chair,
        meeting.present,
        meeting.excused,
        meeting.minutes,
        [[i.order, i.title, i.issue_id, i.project_id] for i in meeting.items.order_by("order")],
        [
            [
                r.item.order,
                r.kind,
                r.text,
                r.department_id,
                str(r.due_on),
            ]
            for r in rows.select_related("item")
        ],
    ]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@MEETING_MACHINE.makes("sign")
@transaction.atomic
def sign_minutes(
    *, actor: Actor, at: datetime, meeting: Meeting, version: int | None = None
) -> Meeting:
    """签发: the minutes freeze; their hash is kept and audited."""
    MEETING_MACHINE.apply(
        meeting,
        "sign",
        actor=actor,
        at=at,
        version=version,
        changes=lambda row: {
            "signed_at": at,
            "signed_by_id": actor.user_id,
            "content_hash": minutes_hash(row),
        },
    )
    digest = meeting.content_hash
    audit.record("meeting.signed", actor=actor, target=meeting, after={"sha256": digest})
    return meeting


@MEETING_MACHINE.makes("dispatch")
@transaction.atomic
def dispatch_resolutions(
    *, actor: Actor, at: datetime, meeting: Meeting, version: int | None = None
) -> list[Resolution]:
    """交办: every task of signed minutes goes to its department and, where there is one, its issue.

    An issue not yet with the department is assigned to it. A task about a project without an
    issue becomes a row of the project's one list. Each is told by the event
    `issues.resolution_dispatched`.
    """
    MEETING_MACHINE.apply(meeting, "dispatch", actor=actor, at=at, version=version)
    tasks = list(
        Resolution.objects.filter(
            item__meeting=meeting, kind=ResolutionKind.TASK, dispatched_at=None
        ).select_related("item__issue", "item__project", "department")
    )
    for row in tasks:
        row.dispatched_at = at
        row.save(update_fields=["dispatched_at"])
        _hand_to_issue(actor, at, row)
        _hand_to_list(actor, at, row)
        events.publish(
            "issues.resolution_dispatched",
            {"resolution_id": row.pk, "project_id": row.item.project_id},
        )
    audit.record("meeting.dispatched", actor=actor, target=meeting, after={"tasks": len(tasks)})
    return tasks


def _hand_to_issue(actor: Actor, at: datetime, row: Resolution) -> None:
    issue, department = row.item.issue, row.department
    if issue is None or department is None:
        return
    assignable = (IssueStatus.RECEIVED, IssueStatus.RETURNED)
    known = [part.department_id for part in active_assignments(issue)]
    if issue.status in assignable and department.pk not in known:
        assign_issue(actor=actor, at=at, issue=issue, department=department, task=row.text)


def _hand_to_list(actor: Actor, at: datetime, row: Resolution) -> None:
    """Put a task about a project on its one list; a signed decision asks nobody's leave."""
    project, department = row.item.project, row.department
    if row.item.issue_id is not None or project is None or department is None:
        return
    keeper = actor if can_edit_list(actor, project) else system_actor("meeting")
    add_list_items(
        actor=keeper,
        at=at,
        project=project,
        items=[
            ItemInput(
                what=row.text[:LONGEST_TASK],
                department_id=department.pk,
                due_on=row.due_on or local_date(at),
                source=ItemSource.MEETING,
                origin=row,
            )
        ],
    )


@MEETING_MACHINE.makes("cancel")
@transaction.atomic
def cancel_meeting(
    *, actor: Actor, at: datetime, meeting: Meeting, version: int | None = None, reason: str
) -> Meeting:
    """Call a meeting off; it never gets a number."""
    MEETING_MACHINE.apply(meeting, "cancel", actor=actor, at=at, version=version, reason=reason)
    audit.record("meeting.cancelled", actor=actor, target=meeting, note=reason)
    return meeting

"""The agenda of a meeting that is still to come: add a matter, order, drop."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.transitions import MoveRefused
from issues.enums import MeetingStatus
from issues.models import AgendaItem, Meeting
from issues.services.meetings import Matter
from issues.states import MEETING_MACHINE

MOST_MATTERS = 30


def _touch(actor: Actor, at: datetime, meeting: Meeting, version: int | None) -> None:
    """Judge the change on the locked meeting and write it to the log."""
    requested = meeting.status == MeetingStatus.REQUESTED
    move = "edit_requested" if requested else "edit_agenda"
    MEETING_MACHINE.apply(meeting, move, actor=actor, at=at, version=version)


def _item(meeting: Meeting, pk: int) -> AgendaItem:
    found = meeting.items.filter(pk=pk).first()
    if found is None:
        raise MoveRefused(_("This matter is no longer on the agenda. Reload the page."))
    return found


@transaction.atomic
def add_matter(
    *, actor: Actor, at: datetime, meeting: Meeting, matter: Matter, version: int | None = None
) -> AgendaItem:
    """Put one more issue or project on the agenda, at its end; once each."""
    _touch(actor, at, meeting, version)
    if matter.issue is None and matter.project is None:
        raise UserFacingError(_("Each matter of the agenda needs an issue or a project."))
    there = meeting.items.filter(issue=matter.issue)
    if matter.issue is None:
        there = there.filter(project=matter.project)
    if there.exists():
        raise UserFacingError(_("“%(title)s” is on the agenda already.") % {"title": matter.title})
    if meeting.items.count() >= MOST_MATTERS:
        raise UserFacingError(_("Thirty matters are the most: call a second meeting."))
    last = meeting.items.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        order=last + 1,
        title=matter.title[:120],
        issue=matter.issue,
        project=matter.project or (matter.issue.project if matter.issue else None),
        background=matter.background.strip(),
    )
    audit.record("meeting.matter_added", actor=actor, target=meeting, after={"title": item.title})
    return item


@transaction.atomic
def drop_matter(
    *, actor: Actor, at: datetime, meeting: Meeting, item: int, version: int | None = None
) -> str:
    """Take a matter off the agenda; the last one stays. Returns its title."""
    _touch(actor, at, meeting, version)
    row = _item(meeting, item)
    if meeting.items.count() == 1:
        raise UserFacingError(_("The last matter stays: call the meeting off instead."))
    title = row.title
    row.delete()
    audit.record("meeting.matter_dropped", actor=actor, target=meeting, before={"title": title})
    return title


@transaction.atomic
def raise_matter(
    *, actor: Actor, at: datetime, meeting: Meeting, item: int, version: int | None = None
) -> AgendaItem:
    """Put a matter one place earlier."""
    _touch(actor, at, meeting, version)
    row = _item(meeting, item)
    above = meeting.items.filter(order__lt=row.order).order_by("-order").first()
    if above is None:
        raise MoveRefused(_("This matter is the first already."))
    mine, theirs = row.order, above.order
    spare = (meeting.items.aggregate(last=Max("order"))["last"] or 0) + 1
    for one, place in ((row, spare), (above, mine), (row, theirs)):
        one.order = place
        one.save(update_fields=["order"])
    audit.record("meeting.matter_raised", actor=actor, target=meeting, after={"title": row.title})
    return row


@MEETING_MACHINE.makes("approve_agenda")
@transaction.atomic
def approve_agenda(
    *, actor: Actor, at: datetime, meeting: Meeting, version: int | None = None
) -> Meeting:
    """议题审定: the matters asked for are those that are talked about."""
    MEETING_MACHINE.apply(meeting, "approve_agenda", actor=actor, at=at, version=version)
    audit.record("meeting.agenda_approved", actor=actor, target=meeting)
    return meeting

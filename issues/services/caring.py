"""What the office can always do on an issue: urge the departments, add a file."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.comments import add_comment
from crm.common.records.files import store_file
from crm.common.records.models import StoredFile
from crm.common.records.transitions import MoveRefused, lock
from issues.models import Issue
from issues.permissions import can_add_file, can_add_words, can_urge, is_own_enterprise
from issues.selectors.ledger import active_assignments
from issues.services import messages
from issues.services.logging import MAX_PHOTOS, PHOTO


@transaction.atomic
def urge_issue(*, actor: Actor, at: datetime, issue: Issue, words: str = "") -> int:
    """催办: remind the departments that have not answered; once a day. Returns how many people.

    Raises NotAllowedError, MoveRefused while no department works on it, UserFacingError when it
    was urged today or nobody of the departments has an account.
    """
    current = lock(issue)
    if not can_urge(actor, current):
        raise NotAllowedError(_("Only the office urges departments."))
    waiting = [row.department for row in active_assignments(current) if row.answered_at is None]
    if not current.is_being_handled or not waiting:
        raise MoveRefused(_("No department has this issue now: there is nobody to urge."))
    if messages.was_urged(current, local_date(at)):
        raise UserFacingError(_("The department was urged today already. Call it instead."))
    told = messages.urged(current, waiting, words.strip(), by=actor.name, at=at)
    names = "、".join(row.short_name for row in waiting)
    if not told:
        raise UserFacingError(
            _("Nobody of %(units)s has an account: call there.") % {"units": names}
        )
    text = _("Urged %(units)s.") % {"units": names}
    add_comment(actor=actor, target=issue, text=f"{text} {words.strip()}".strip(), at=at)
    audit.record("issue.urged", actor=actor, target=issue, after={"people": told})
    return told


@transaction.atomic
def add_words(
    *, actor: Actor, at: datetime, issue: Issue, text: str, uploads: Iterable[UploadedFile] = ()
) -> None:
    """Let the enterprise add to its issue that is still open; who works on it is told.

    What was said first stays as it is. Raises NotAllowedError, MoveRefused when it is at rest,
    UserFacingError for no words or too many, FileRefused.
    """
    current = lock(issue)
    if not is_own_enterprise(actor, current):
        raise NotAllowedError(_("Only the enterprise itself adds to what it said."))
    if not can_add_words(actor, current):
        raise MoveRefused(_("This issue is at rest: report a new one."))
    given = list(uploads)
    if len(given) > MAX_PHOTOS:
        raise _too_many(len(given))
    add_comment(actor=actor, target=issue, text=text, at=at, invited=True)
    for one in given:
        store_file(actor=actor, upload=one, purpose=PHOTO, target=issue, at=at)
    messages.added(current, text.strip(), at=at)


def _too_many(count: int) -> UserFacingError:
    words = _("%(count)s files are too many; %(most)s are the most.")
    return UserFacingError(words % {"count": count, "most": MAX_PHOTOS})


@transaction.atomic
def add_files(
    *, actor: Actor, at: datetime, issue: Issue, uploads: Iterable[UploadedFile]
) -> list[StoredFile]:
    """Add photos or documents to an issue; raises FileRefused for what cannot be taken."""
    given = list(uploads)
    if not can_add_file(actor, issue):
        raise NotAllowedError(_("Only the office and the responsible units add files."))
    if not given:
        raise UserFacingError(_("Pick a photo or a document."))
    if len(given) > MAX_PHOTOS:
        raise _too_many(len(given))
    return [
        store_file(actor=actor, upload=one, purpose=PHOTO, target=issue, at=at) for one in given
    ]

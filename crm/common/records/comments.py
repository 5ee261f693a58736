"""Comments: written by colleagues, seen by whoever sees the record."""

from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import Comment
from crm.common.records.transitions import lock

LONGEST = 2000


def may_comment(actor: Actor, target: models.Model) -> bool:
    """Staff who see the record; an auditor only reads."""
    manager: Any = type(target)._default_manager
    if not actor.is_staff or not hasattr(manager, "visible_to"):
        return False
    return bool(manager.visible_to(actor).filter(pk=target.pk).exists())


@transaction.atomic
def add_comment(
    *, actor: Actor, target: models.Model, text: str, at: datetime, invited: bool = False
) -> Comment:
    """Note something on a record; `invited` says that its room lets somebody who is no staff.

    Raises NotAllowedError for whoever does not see it, UserFacingError for an empty note or
    one beyond 2,000 characters.
    """
    if not invited and not may_comment(actor, target):
        raise NotAllowedError(_("Only staff who see this record may note something on it."))
    text = text.strip()
    if not text:
        raise UserFacingError(_("The note is empty."))
    if len(text) > LONGEST:
        raise UserFacingError(_("The note is longer than 2,000 characters: attach a file instead."))
    row = Comment(text=text, created_by_id=actor.user_id, created_at=at)
    row.target = target
    row.save(force_insert=True)
    audit.record("comment.add", actor=actor, target=target)
    return row


@transaction.atomic
def withdraw_comment(*, actor: Actor, comment: Comment, at: datetime) -> Comment:
    """Take one's own note back; that one was there stays visible."""
    row = lock(comment)
    if row.created_by_id != actor.user_id or actor.user_id is None:
        raise NotAllowedError(_("Only who wrote a note takes it back."))
    if row.withdrawn_at is None:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
        audit.record("comment.withdraw", actor=actor, target=row)
    return row


def comments_of(target: models.Model) -> list[Comment]:
    """Return the notes on a record the reader has already been let to see, oldest first."""
    rows = Comment.objects.filter(
        target_type=ContentType.objects.get_for_model(type(target)), target_id=target.pk
    )
    return list(rows.select_related("created_by"))

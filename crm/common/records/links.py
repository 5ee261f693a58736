"""Hand out, open and use signed links."""

from datetime import datetime

from django.core import signing
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.errors import UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.models import SignedLink
from crm.common.records.transitions import lock

SALT = "anshang.link"


class LinkRefused(UserFacingError):
    """The link does not open: mistyped, expired, used or revoked; the text says what to do."""

    status = 410


@transaction.atomic
def issue_link(
    *,
    purpose: str,
    target: models.Model,
    actor: Actor,
    at: datetime,
    expires_at: datetime,
    label: str,
) -> str:
    """Make a link for one purpose on one record and return its token.

    The token is not stored: whoever has it may do what the purpose says, once. `label` says
    for whom it was made. Making it is in the audit.
    """
    row = SignedLink(
        purpose=purpose,
        label=label[:80],
        created_by_id=actor.user_id,
        created_at=at,
        expires_at=expires_at,
    )
    row.target = target
    row.save(force_insert=True)
    audit.record("link.issue", actor=actor, target=target, after={"purpose": purpose})
    return token_of(row)


def token_of(row: SignedLink) -> str:
    """Return the token of a link, to show it again to those who may."""
    return signing.dumps({"id": str(row.pk), "for": row.purpose}, salt=SALT, compress=True)


def open_link(*, purpose: str, token: str, at: datetime) -> SignedLink:
    """Return the link behind a token; raises LinkRefused when it does not open."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        said = {}
    row = SignedLink.objects.filter(pk=said.get("id"), purpose=purpose).first() if said else None
    if row is None or said.get("for") != purpose:
        raise LinkRefused(_("This link is not complete. Copy it again from the message."))
    _check(row, at)
    return row


def _check(row: SignedLink, at: datetime) -> None:
    if row.used_at is not None:
        raise LinkRefused(_("This link was used already: your answer is on record."))
    if row.revoked_at is not None:
        raise LinkRefused(_("This link is no longer valid. Ask your agent for a new one."))
    if row.expires_at <= at:
        raise LinkRefused(_("This link has expired. Ask your agent for a new one."))


@transaction.atomic
def use_link(*, link: SignedLink, at: datetime) -> SignedLink:
    """Mark a link as used, judged on the locked row: of two at once one is refused."""
    row = lock(link)
    _check(row, at)
    row.used_at = at
    row.save(update_fields=["used_at"])
    return row


@transaction.atomic
def revoke_links(*, purpose: str, target: models.Model, actor: Actor, at: datetime) -> int:
    """Take back every open link of a purpose on a record; return how many."""
    rows = links_of(target, purpose).filter(used_at=None, revoked_at=None)
    count = rows.update(revoked_at=at)
    if count:
        audit.record("link.revoke", actor=actor, target=target, after={"purpose": purpose})
    return count


def links_of(target: models.Model, purpose: str) -> models.QuerySet[SignedLink]:
    """Return the links made for a purpose on a record, newest first."""
    model = target._meta.label_lower.split(".")
    return SignedLink.objects.filter(
        target_type__app_label=model[0],
        target_type__model=model[1],
        target_id=target.pk,
        purpose=purpose,
    )

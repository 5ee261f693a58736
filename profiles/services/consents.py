"""Giving and withdrawing an enterprise's consent to the use of its confidential data."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.files import store_file
from crm.models import Enterprise
from profiles.enums import ConsentWay
from profiles.models import Consent
from profiles.permissions import can_consent, can_record_consent

SHEET = "consent.sheet"


@transaction.atomic
def give_consent(
    *,
    actor: Actor,
    enterprise: Enterprise,
    signed_by: str,
    at: datetime,
    sheet: UploadedFile | None = None,
) -> Consent:
    """Record an enterprise's consent: its own word in the portal, or the signed sheet of paper.

    Raises NotAllowedError for strangers, and UserFacingError without a name, without the sheet
    where an agent records it, or when a consent stands already.
    """
    own = can_consent(actor, enterprise)
    if not own and not can_record_consent(actor, enterprise):
        raise NotAllowedError(_("The enterprise consents, or its agent records the signed sheet."))
    if not signed_by.strip():
        raise UserFacingError(_("Enter who signs for the enterprise."))
    if not own and sheet is None:
        raise UserFacingError(_("Attach the signed sheet."))
    locked = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if locked.consents.standing().exists():
        raise UserFacingError(_("A consent of this enterprise stands already."))
    row = Consent.objects.create(
        enterprise=locked,
        way=ConsentWay.PORTAL if own else ConsentWay.PAPER,
        signed_by=signed_by.strip(),
        given_at=at,
        created_by_id=actor.user_id,
    )
    if sheet is not None:
        store_file(actor=actor, upload=sheet, purpose=SHEET, target=row, at=at)
    audit.record("consent.give", actor=actor, target=row, after={"enterprise": locked.pk})
    return row


@transaction.atomic
def take_over_consents(
    *, actor: Actor, enterprises: Iterable[tuple[Enterprise, str]], at: datetime
) -> list[Consent]:
    """Enter consents collected before this system (whose, signed by whom); all or none.

    Raises NotAllowedError for everybody but the system: a hand-over is run from the command line.
    """
    if not actor.is_system:
        raise NotAllowedError(_("A hand-over is run from the command line."))
    rows = Consent.objects.bulk_create(
        [
            Consent(enterprise=row, way=ConsentWay.PAPER, signed_by=name, given_at=at)
            for row, name in enterprises
        ],
        batch_size=500,
    )
    audit.record_many("consent.give", actor=actor, targets=list(rows))
    return rows


@transaction.atomic
def withdraw_consent(*, actor: Actor, enterprise: Enterprise, reason: str, at: datetime) -> Consent:
    """Take a consent back; what was decided on it stays, from now on the data is unknown.

    Raises NotAllowedError for strangers, UserFacingError without a reason or without a consent.
    """
    if not can_consent(actor, enterprise) and not can_record_consent(actor, enterprise):
        raise NotAllowedError(_("The enterprise consents, or its agent records the signed sheet."))
    if not reason.strip():
        raise UserFacingError(_("Say why the consent is withdrawn."))
    row = Consent.objects.select_for_update().standing().filter(enterprise=enterprise).first()
    if row is None:
        raise UserFacingError(_("No consent of this enterprise stands."))
    row.withdrawn_at, row.withdrawn_by_id = at, actor.user_id
    row.withdrawal_reason = reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    audit.record("consent.withdraw", actor=actor, target=row, note=reason.strip())
    return row

"""Visits."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.enums import VisitPurpose
from crm.models import Enterprise, Visit
from crm.permissions import can_record_visit


@transaction.atomic
def record_visit(
    *,
    actor: Actor,
    enterprise: Enterprise,
    visited_at: datetime,
    learnt: str,
    at: datetime,
    purpose: str = VisitPurpose.ROUTINE,
    met: str = "",
    asked: str = "",
) -> Visit:
    """Record who went when and what was learnt.

    Raises UserFacingError for a visit in the future or without a word of what was learnt.
    """
    if actor.user_id is None or not can_record_visit(actor, enterprise):
        raise NotAllowedError(_("Staff who see the enterprise may record a visit."))
    if visited_at > at:
        raise UserFacingError(_("The visit lies in the future: enter when it took place."))
    if not learnt.strip():
        raise UserFacingError(_("Write down what you learnt, if only “nothing new”."))
    visit = Visit.objects.create(
        enterprise=enterprise,
        visited_at=visited_at,
        visitor_id=actor.user_id,
        purpose=purpose,
        met=met,
        asked=asked,
        learnt=learnt.strip(),
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )
    audit.record("visit.record", actor=actor, target=visit, after={"enterprise": enterprise.pk})
    return visit

"""Visits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.files import store_file
from crm.enums import VisitPurpose
from crm.models import Area, Enterprise, Visit, VisitAnswer
from crm.permissions import can_record_visit

PHOTO = "visit.photo"
MAX_PHOTOS = 9


@dataclass(frozen=True, slots=True)
class PaperVisit:
    """One line of a list kept on paper during a round: where, when, by whom."""

    visited_at: datetime
    visitor_id: int
    area_id: int
    enterprise_id: int | None = None
    about: models.Model | None = None


@transaction.atomic
def record_paper_visits(*, actor: Actor, at: datetime, lines: Iterable[PaperVisit]) -> list[Visit]:
    """Record many visits of a sweep at once; the room that runs it asks and writes the audit."""
    found = list(lines)
    if any(line.visited_at > at for line in found):
        raise UserFacingError(_("The visit lies in the future: enter when it took place."))
    return Visit.objects.bulk_create(
        [
            Visit(
                enterprise_id=line.enterprise_id,
                about_type=ContentType.objects.get_for_model(line.about) if line.about else None,
                about_id=line.about.pk if line.about else None,
                area_id=line.area_id,
                visited_at=line.visited_at,
                visitor_id=line.visitor_id,
                purpose=VisitPurpose.SWEEP,
                created_by_id=actor.user_id,
                created_at=at,
                updated_at=at,
            )
            for line in found
        ],
        batch_size=500,
    )


@transaction.atomic
def record_visit(
    *,
    actor: Actor,
    at: datetime,
    visited_at: datetime,
    learnt: str = "",
    enterprise: Enterprise | None = None,
    about: models.Model | None = None,
    area: Area | None = None,
    place: str = "",
    purpose: str = VisitPurpose.ROUTINE,
    met: str = "",
    answers: Iterable[tuple[str, str]] = (),
    photos: Iterable[UploadedFile] = (),
) -> Visit:
    """Record who went where and when, what was asked and learnt.

    A visit to a site without an enterprise names what it is `about` and the `area`; the room
    that owns that record asks permission. Raises UserFacingError for a visit in the future,
    without a place, with too many photos, or a regular one without a word of what was learnt,
    FileRefused for a photo that cannot be taken.
    """
    allowed = about is not None or (enterprise is not None and can_record_visit(actor, enterprise))
    if actor.user_id is None or not allowed:
        raise NotAllowedError(_("Staff who see the enterprise may record a visit."))
    if visited_at > at:
        raise UserFacingError(_("The visit lies in the future: enter when it took place."))
    pictures = list(photos)
    if len(pictures) > MAX_PHOTOS:
        raise UserFacingError(
            _("%(count)s files are too many; %(most)s are the most.")
            % {"count": len(pictures), "most": MAX_PHOTOS}
        )
    asked = [(question.strip(), answer.strip()) for question, answer in answers]
    if not learnt.strip() and not asked and purpose != VisitPurpose.SWEEP:
        raise UserFacingError(_("Write down what you learnt, if only “nothing new”."))
    where = area or (enterprise.area if enterprise is not None else None)
    if where is None or (enterprise is None and about is None):
        raise UserFacingError(_("Say where the visit was: an enterprise or a project."))
    visit = Visit.objects.create(
        enterprise=enterprise,
        about_type=ContentType.objects.get_for_model(about) if about is not None else None,
        about_id=about.pk if about is not None else None,
        area=where,
        place=place,
        visited_at=visited_at,
        visitor_id=actor.user_id,
        purpose=purpose,
        met=met,
        learnt=learnt.strip(),
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
    )
    VisitAnswer.objects.bulk_create(
        VisitAnswer(visit=visit, order=order, question=question, answer=answer)
        for order, (question, answer) in enumerate(asked, start=1)
    )
    for upload in pictures:
        store_file(actor=actor, upload=upload, purpose=PHOTO, target=visit, at=at)
    audit.record(
        "visit.record", actor=actor, target=visit, after={"enterprise": visit.enterprise_id}
    )
    return visit

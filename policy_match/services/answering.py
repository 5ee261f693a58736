"""What an enterprise says to a policy it was told of."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import messages
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.transitions import lock
from issues.selectors.people import agents_of
from policy_match.enums import PushAnswer
from policy_match.models import Push
from policy_match.permissions import can_answer_push


@transaction.atomic
def answer_push(*, actor: Actor, push: Push, answer: str, at: datetime, words: str = "") -> Push:
    """Keep whether the enterprise wants a policy, and tell its agents; it may say so anew.

    Raises NotAllowedError for anybody but the enterprise, UserFacingError for an unknown
    answer, for a no without its reason, and when it said the same before.
    """
    row = lock(push)
    if not can_answer_push(actor, row):
        raise NotAllowedError(_("Only the enterprise itself says whether it wants a policy."))
    if answer not in PushAnswer.values:
        raise UserFacingError(_("Say whether you want it."))
    if answer == row.answer:
        raise UserFacingError(_("You said so already."))
    said = words.strip()
    if answer == PushAnswer.DECLINED and not said:
        raise UserFacingError(_("Say why it is not for you: the rule may be wrong."))
    row.answer, row.answer_words = answer, said
    row.answered_at, row.answered_by_id = at, actor.user_id
    row.save(update_fields=["answer", "answer_words", "answered_at", "answered_by"])
    messages.queue(
        "policy_match.answered",
        recipients=agents_of(row.enterprise.area),
        context={
            "title": row.version.clause.title,
            "enterprise": row.enterprise.name,
            "answer": str(PushAnswer(answer).label),
            "words": said,
        },
        target=row,
        at=at,
        dedupe_key=f"{row.pk}:{at.isoformat()}",
        url=reverse("staff:crm:enterprise_detail", args=[row.enterprise_id]),
    )
    audit.record(f"push.{answer}", actor=actor, target=row, note=said)
    return row

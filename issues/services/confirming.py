"""The enterprise's word: in the portal, through a signed link or on the telephone."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.transitions import MoveRefused, lock
from issues.enums import Channel, Outcome, RoundEnd
from issues.models import Confirmation, Issue, IssueRound
from issues.permissions import is_independent, is_own_enterprise
from issues.services import messages, rounds
from issues.states import ISSUE_MACHINE


@dataclass(frozen=True, slots=True)
class Word:
    """What an enterprise says about an answer: solved, partly or not, with words and stars."""

    outcome: str
    words: str = ""
    stars: int | None = None


@transaction.atomic
def confirm_by_enterprise(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    outcome: str,
    words: str = "",
    stars: int | None = None,
) -> Confirmation:
    """Take the word of a member in the portal; unless it is “solved”, the issue goes back.

    Raises NotAllowedError for anybody else and MoveRefused before an answer, for a second
    word in one round, or without words where something is missing.
    """
    current = lock(issue)
    if not is_own_enterprise(actor, current) or actor.user_id is None:
        raise NotAllowedError(_("Only the enterprise itself says whether its issue is solved."))
    row = Confirmation(channel=Channel.PORTAL, confirmed_by_id=actor.user_id)
    return take_word(actor, at, issue, current, row, Word(outcome, words, stars))


@transaction.atomic
def record_telephone_word(
    *,
    actor: Actor,
    at: datetime,
    issue: Issue,
    speaker: str,
    outcome: str,
    words: str = "",
    stars: int | None = None,
) -> Confirmation:
    """Put on record what the enterprise's or project's contact said on the telephone.

    The caller belongs to the office and has not handled the issue; the page names both.
    """
    current = lock(issue)
    if not is_independent(actor, current) or actor.user_id is None:
        raise NotAllowedError(_("The office calls, and never who handled the issue."))
    if not speaker.strip():
        raise UserFacingError(_("Say whom you spoke to."))
    row = Confirmation(
        channel=Channel.TELEPHONE, recorded_by_id=actor.user_id, speaker=speaker.strip()
    )
    return take_word(actor, at, issue, current, row, Word(outcome, words, stars))


@transaction.atomic
def ask_by_telephone(*, actor: Actor, at: datetime, issue: Issue, note: str) -> IssueRound:
    """Put on record that the enterprise was called and did not answer: its days count now.

    For whom no message reaches: no account, no company yet. Asking again moves nothing.
    """
    current = lock(issue)
    if not is_independent(actor, current):
        raise NotAllowedError(_("The office calls, and never who handled the issue."))
    if not current.asks_enterprise:
        raise MoveRefused(_("There is no answer to confirm yet."))
    if not note.strip():
        raise UserFacingError(_("Say whom you called, and when."))
    this = IssueRound.objects.get(issue=issue, number=current.round_number)
    if this.asked_at is None:
        rounds.ask(this=this, at=at)
    audit.record("issue.asked", actor=actor, target=issue, note=note.strip())
    return this


def take_word(
    actor: Actor, at: datetime, issue: Issue, current: Issue, row: Confirmation, word: Word
) -> Confirmation:
    """Put a word on record, whichever way it came; the caller has judged who brings it."""
    if not current.asks_enterprise:
        raise MoveRefused(_("There is no answer to confirm yet. You are told when there is one."))
    this = IssueRound.objects.get(issue=issue, number=current.round_number)
    if this.said is not None:
        raise MoveRefused(
            _("“%(said)s” is already on record for this answer; it counts once.")
            % {"said": this.said.get_outcome_display()}
        )
    words = word.words.strip()
    if word.outcome != Outcome.SOLVED and not words:
        raise MoveRefused(_("Say what is still missing, so that the department can finish it."))
    row.round, row.outcome, row.stars, row.words = this, word.outcome, word.stars, words
    row.confirmed_at = at
    row.save(force_insert=True)
    audit.record(
        "issue.confirmed",
        actor=actor,
        target=issue,
        after={"outcome": word.outcome, "channel": row.channel},
    )
    messages.confirmed(current, row, at=at)
    if word.outcome != Outcome.SOLVED:
        ISSUE_MACHINE.apply(
            issue,
            "dispute",
            actor=actor,
            at=at,
            reason=words,
            changes={"round_number": this.number + 1},
        )
        rounds.again(issue=issue, at=at, outcome=RoundEnd.DISPUTED, because=words)
        messages.sent_back(current, words, at=at)
    return row

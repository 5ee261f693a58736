"""Signed links by which an enterprise without an account says whether its issue is solved."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.common.days.calendar import load_calendar
from crm.common.days.clock import SHANGHAI, local_date
from crm.common.errors import NotAllowedError
from crm.common.outbox import messages as outbox
from crm.common.outbox.enums import Channel as Way
from crm.common.people.actor import Actor
from crm.common.records.links import LinkRefused, issue_link, open_link, use_link
from crm.common.records.models import SignedLink
from crm.common.records.transitions import MoveRefused, lock
from issues.enums import Channel
from issues.models import Confirmation, Issue, IssueAssignment, IssueRound
from issues.permissions import is_independent
from issues.services import rounds
from issues.services.confirming import Word, take_word

PURPOSE = "issues.confirm"
LINK_WORKDAYS = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link opens: the round whose answer is asked about, and the link itself."""

    link: SignedLink
    this: IssueRound


def _make(actor: Actor, at: datetime, this: IssueRound, label: str) -> str:
    last = load_calendar().add_workdays(local_date(at), max(this.confirm_days, LINK_WORKDAYS))
    expires_at = datetime.combine(last, time(23, 59), SHANGHAI)
    token = issue_link(
        purpose=PURPOSE, target=this, actor=actor, at=at, expires_at=expires_at, label=label
    )
    return reverse("issues_public:confirm", args=[token])


def ask_by_link(*, actor: Actor, at: datetime, issue: Issue, part: IssueAssignment) -> bool:
    """Send the question to the enterprise's contact with mail; say whether there is one.

    For an enterprise without an account; called within the answer's transaction.
    """
    whose = issue.enterprise
    contact = whose.contacts.exclude(email="").first() if whose is not None else None
    if contact is None:
        return False
    url = _make(actor, at, part.round, contact.name)
    outbox.queue(
        "issues.confirmation_asked",
        contacts=[outbox.Contact(contact.name, ((Way.MAIL, contact.email),))],
        context={
            "number": issue.number,
            "title": issue.title,
            "department": part.department.short_name,
            "answer": part.answer,
        },
        target=issue,
        at=at,
        dedupe_key=f"{issue.pk}:link:{at.isoformat()}",
        url=url,
    )
    return True


@transaction.atomic
def copy_link(*, actor: Actor, at: datetime, issue: Issue, label: str) -> str:
    """Make a link for the office to pass on itself; the enterprise counts as asked from here.

    Raises NotAllowedError for whoever handled the issue, MoveRefused before an answer.
    """
    current = lock(issue)
    if not is_independent(actor, current):
        raise NotAllowedError(_("The office passes the link on, and never who handled the issue."))
    this = IssueRound.objects.get(issue=issue, number=current.round_number)
    if not current.asks_enterprise or this.said is not None:
        raise MoveRefused(_("There is no answer to confirm now."))
    if this.asked_at is None:
        rounds.ask(this=this, at=at)
    return _make(actor, at, this, label)


def open_question(*, token: str, at: datetime) -> Asked:
    """Return what a token asks about; raises LinkRefused once it is past, used or overtaken."""
    link = open_link(purpose=PURPOSE, token=token, at=at)
    rows = IssueRound.objects.select_related("issue__enterprise", "issue__category")
    this = rows.prefetch_related("assignments__department").get(pk=link.target_id)
    if this.ended_at is not None or this.said is not None or not this.issue.asks_enterprise:
        raise LinkRefused(_("This question is settled: no answer is needed any more."))
    return Asked(link, this)


@transaction.atomic
def confirm_by_link(
    *, actor: Actor, at: datetime, token: str, outcome: str, words: str = ""
) -> Confirmation:
    """Take the word of whoever holds the link, once; raises LinkRefused and MoveRefused."""
    asked = open_question(token=token, at=at)
    use_link(link=asked.link, at=at)
    row = Confirmation(channel=Channel.LINK, speaker=asked.link.label[:40])
    current = lock(asked.this.issue)
    return take_word(actor, at, asked.this.issue, current, row, Word(outcome, words))

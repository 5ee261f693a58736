"""Sending: deliveries that are due go out by their channel, each to its own address only."""

from collections.abc import Callable
from datetime import timedelta

import apprise
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.common.days.clock import machine_now
from crm.common.outbox import claims
from crm.common.outbox.enums import Channel, WorkState
from crm.common.outbox.messages import kinds
from crm.common.outbox.models import Delivery

TERMS = claims.Terms(lease=timedelta(minutes=5), max_attempts=6)
# More mails than this waiting for one address become one.
DIGEST_ABOVE = 5


def deliver_due(limit: int = 200) -> int:
    """Send what is due; return how many deliveries were made."""
    claims.bury_stale(Delivery.objects.all(), TERMS)
    return _send_digests() + claims.work(_rows(), TERMS, _send_one, limit)


def _rows() -> models.QuerySet[Delivery]:
    return Delivery.objects.select_related("recipient__message")


def _send_one(row: Delivery) -> bool:
    return _send([row], lambda: SENDERS[Channel(row.channel)](row))


def _send_digests() -> int:
    """Send one mail to each address for which many of the digestible kinds are due."""
    plain = [kind.key for kind in kinds() if kind.digestible]
    due = claims.claimable(
        _rows().filter(channel=Channel.MAIL, recipient__message__kind__in=plain)
    ).filter(recipient__message__statutory=False)
    crowded = due.values("address").annotate(n=models.Count("pk")).filter(n__gt=DIGEST_ABOVE)
    sent = 0
    for address in list(crowded.order_by().values_list("address", flat=True)):
        ids = list(due.filter(address=address).values_list("pk", flat=True))
        rows = claims.claim(_rows(), TERMS, ids)
        if rows and _send(rows, lambda rows=rows: SEND_DIGEST(rows)):  # type: ignore[misc]
            sent += len(rows)
    return sent


def _send(rows: list[Delivery], act: Callable[[], None]) -> bool:
    """Do the sending for claimed rows, and write what came of it."""
    try:
        act()
    except Exception as problem:
        for row in rows:
            if claims.fail(row, problem, TERMS):
                _fall_through(row)
        return False
    done = [claims.finish(row, WorkState.DONE, delivered_at=machine_now()) for row in rows]
    for row in rows:
        if row.state == WorkState.DONE:
            claims.cancel_waiting(_others(row).filter(rank__gt=row.rank))
    return any(done)


def _others(row: Delivery) -> models.QuerySet[Delivery]:
    return Delivery.objects.filter(recipient=row.recipient_id).exclude(pk=row.pk)


def _fall_through(row: Delivery) -> None:
    """Let the next rank begin when this one is given up."""
    if not row.is_dead:
        return
    held_back = _others(row).filter(state=WorkState.WAITING, due_at=None)
    following = held_back.order_by("rank").first()
    if following is not None:
        held_back.filter(pk=following.pk).update(due_at=machine_now())


def _link(row: Delivery) -> str:
    """Return where the message points; through the inbox, so that opening it is on record."""
    message = row.recipient.message
    if not message.url:
        return ""
    if row.recipient.user_id is None:
        return f"{settings.ANSHANG_BASE_URL}{message.url}"
    way = reverse("inbox_open", args=[row.recipient_id])
    return f"{settings.ANSHANG_BASE_URL}{way}?by={row.pk}"


def _text(row: Delivery) -> str:
    return "\n\n".join(filter(None, (row.recipient.message.body, _link(row))))


def _send_mail(row: Delivery) -> None:
    _mail(row, row.recipient.message.subject, _text(row))


def _send_digest(rows: list[Delivery]) -> None:
    count = len(rows)
    subject = ngettext("%(count)s message", "%(count)s messages", count) % {"count": count}
    parts = [f"{row.recipient.message.subject}\n{_text(row)}" for row in rows]
    foot = _("Together, because many were waiting for you.")
    _mail(rows[0], subject, "\n\n----\n\n".join([*parts, foot]))


def _mail(row: Delivery, subject: str, text: str) -> None:
    EmailMessage(
        subject=subject,
        body=text,
        to=[row.address],
        headers={"Message-ID": f"<anshang-{row.pk}@{settings.ALLOWED_HOSTS[0]}>"},
    ).send()


def _send_apprise(row: Delivery) -> None:
    desk = apprise.Apprise()
    if not desk.add(row.address):
        raise ValueError("this is no address that a messenger knows")
    if not desk.notify(title=row.recipient.message.subject, body=_text(row)):
        raise RuntimeError("the messenger refused the message")


SENDERS: dict[Channel, Callable[[Delivery], None]] = {
    Channel.MAIL: _send_mail,
    Channel.APPRISE: _send_apprise,
}
SEND_DIGEST = _send_digest

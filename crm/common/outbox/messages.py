"""Messages: declared kinds, queued with the change that causes them, delivered after commit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import apprise
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, models
from django.utils import translation
from django.utils.functional import Promise

from crm.common.days.clock import machine_now
from crm.common.outbox.doorbell import ring
from crm.common.outbox.enums import Channel, DeliveryState
from crm.common.outbox.models import Delivery, Notification, NotificationPreference
from crm.common.people.models import User

TASK = "common.deliver_notifications"
MAX_ATTEMPTS = 6
CLAIM_SECONDS = 300
_kinds: dict[str, "NotificationKind"] = {}


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """One kind of message: its words (with %(name)s places) and where it may go.

    `can_be_disabled` is False for statutory messages; the inbox always receives everything.
    """

    key: str
    label: str | Promise
    subject: str | Promise
    body: str | Promise
    can_be_disabled: bool = True
    channels: tuple[Channel, ...] = (Channel.MAIL,)


def register(kind: NotificationKind) -> NotificationKind:
    """Declare a kind of message (in a room's notifications.py)."""
    _kinds[kind.key] = kind
    return kind


def kinds() -> list[NotificationKind]:
    """Return all declared kinds, for the preference page."""
    return sorted(_kinds.values(), key=lambda kind: kind.key)


def queue(
    key: str,
    *,
    recipients: Iterable[User],
    context: dict[str, Any],
    at: datetime,
    dedupe_key: str,
    target: models.Model | None = None,
    url: str = "",
) -> list[Notification]:
    """Write one message per recipient in the caller's transaction; return the new ones.

    The same `dedupe_key` and recipient never produce a second message. Raises RuntimeError
    outside a transaction: a message must not outlive a change that was rolled back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("queue() belongs into the transaction of the change it tells about")
    kind = _kinds[key]
    made = [
        row
        for person in {person.pk: person for person in recipients}.values()
        if (row := _queue_one(kind, person, context, at, dedupe_key, target, url))
    ]
    if made:
        ring(TASK)
    return made


def _queue_one(
    kind: NotificationKind,
    person: User,
    context: dict[str, Any],
    at: datetime,
    dedupe_key: str,
    target: models.Model | None,
    url: str,
) -> Notification | None:
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject, body = str(kind.subject) % context, str(kind.body) % context
    row, new = Notification.objects.get_or_create(
        dedupe_key=f"{kind.key}:{dedupe_key}:{person.pk}",
        defaults={
            "kind": kind.key,
            "recipient": person,
            "address": person.email,
            "subject": subject[:200],
            "body": body,
            "url": url,
            "target": target,
            "created_at": at,
        },
    )
    if not new:
        return None
    Delivery.objects.bulk_create(
        Delivery(notification=row, channel=channel, next_attempt_at=machine_now())
        for channel in _channels(kind, person)
    )
    return row


def _channels(kind: NotificationKind, person: User) -> list[Channel]:
    off: set[str] = set()
    if kind.can_be_disabled:
        off = set(
            NotificationPreference.objects.filter(
                user=person, kind=kind.key, enabled=False
            ).values_list("channel", flat=True)
        )
    usable = {Channel.MAIL: bool(person.email), Channel.APPRISE: bool(settings.APPRISE_URLS)}
    return [c for c in kind.channels if usable.get(c, False) and c not in off]


def deliver_due(limit: int = 200) -> int:
    """Send what is due, one claimed row at a time; return how many were sent."""
    sent = 0
    for pk in list(_claimable().order_by("pk").values_list("pk", flat=True)[:limit]):
        claimed = (
            _claimable()
            .filter(pk=pk)
            .update(
                state=DeliveryState.SENDING,
                attempts=models.F("attempts") + 1,
                next_attempt_at=machine_now() + timedelta(seconds=CLAIM_SECONDS),
            )
        )
        if claimed:
            sent += _deliver(Delivery.objects.select_related("notification").get(pk=pk))
    return sent


def _claimable() -> models.QuerySet[Delivery]:
    # A row that stayed in "sending" past its claim belongs to a worker that died.
    waiting = [DeliveryState.PENDING, DeliveryState.FAILED, DeliveryState.SENDING]
    return Delivery.objects.filter(state__in=waiting, next_attempt_at__lte=machine_now())


def _deliver(row: Delivery) -> bool:
    try:
        _SENDERS[Channel(row.channel)](row.notification)
    except Exception as problem:
        dead = row.attempts >= MAX_ATTEMPTS
        row.state = DeliveryState.DEAD if dead else DeliveryState.FAILED
        row.next_attempt_at = machine_now() + timedelta(minutes=2**row.attempts)
        row.last_error = repr(problem)[:2000]
        row.save(update_fields=["state", "next_attempt_at", "last_error"])
        return False
    row.state, row.sent_at, row.last_error = DeliveryState.SENT, machine_now(), ""
    row.save(update_fields=["state", "sent_at", "last_error"])
    return True


def _send_mail(message: Notification) -> None:
    text = (
        f"{message.body}\n\n{settings.ANSHANG_BASE_URL}{message.url}"
        if message.url
        else message.body
    )
    EmailMessage(
        subject=message.subject,
        body=text,
        to=[message.address],
        headers={"Message-ID": f"<anshang-{message.pk}@{settings.ALLOWED_HOSTS[0]}>"},
    ).send()


def _send_apprise(message: Notification) -> None:
    desk = apprise.Apprise()
    for url in settings.APPRISE_URLS:
        desk.add(url)
    if not desk.notify(title=message.subject, body=message.body):
        raise RuntimeError("a messenger refused the message")


_SENDERS = {Channel.MAIL: _send_mail, Channel.APPRISE: _send_apprise}

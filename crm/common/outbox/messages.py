"""Messages: declared kinds, written with the change that causes them, in few queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import translation
from django.utils.functional import Promise

from crm.common.days.clock import local_date, machine_now
from crm.common.outbox.deputies import OWN, Instead, deputies
from crm.common.outbox.doorbell import ring
from crm.common.outbox.enums import Channel
from crm.common.outbox.models import (
    ContactPoint,
    Delivery,
    Message,
    MessagePreference,
    Recipient,
)
from crm.common.people.models import User

TASK = "common.deliver_notifications"
_kinds: dict[str, "MessageKind"] = {}


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind of message: its words (with %(name)s places) and where it may go.

    What is statutory cannot be disabled. `falls_through` tries the channels one after the
    other until one succeeds, instead of all at once; what is `digestible` may be sent together
    with others when many wait for one address. The inbox always receives everything.
    The deputy of somebody who is away is told as well, unless the message is `personal`.
    """

    key: str
    label: str | Promise
    subject: str | Promise
    body: str | Promise
    can_be_disabled: bool = True
    statutory: bool = False
    channels: tuple[Channel, ...] = (Channel.MAIL, Channel.APPRISE)
    falls_through: bool = False
    digestible: bool = True
    personal: bool = False

    def __post_init__(self) -> None:
        if self.statutory and self.can_be_disabled:
            raise ValueError(f"{self.key}: what the law requires cannot be disabled")


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody without an account: a name, and the addresses to try."""

    name: str
    addresses: tuple[tuple[Channel, str], ...]


def register(kind: MessageKind) -> MessageKind:
    """Declare a kind of message (in a room's notifications.py)."""
    _kinds[kind.key] = kind
    return kind


def kinds() -> list[MessageKind]:
    """Return the kinds that leave the house, for the preference page."""
    return sorted((kind for kind in _kinds.values() if kind.channels), key=lambda kind: kind.key)


def kind_of(key: str) -> MessageKind | None:
    """Return a declared kind, or nothing for one of an older release."""
    return _kinds.get(key)


def queue(
    key: str,
    *,
    recipients: Iterable[User] = (),
    contacts: Iterable[Contact] = (),
    context: Mapping[str, Any],
    at: datetime,
    dedupe_key: str,
    target: models.Model | None = None,
    url: str = "",
) -> list[Recipient]:
    """Write one message in the caller's transaction; return its new recipients.

    The same `dedupe_key` and person never produce a second message. The number of queries
    does not grow with the recipients. Raises RuntimeError outside a transaction: a message
    must not outlive a change that was rolled back.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("queue() belongs into the transaction of the change it tells about")
    kind = _kinds[key]
    people = list(recipients)
    wanted = _wanted(kind, people, contacts, dedupe_key)
    instead = _instead(kind, people, dedupe_key, at)
    wanted |= {key: deputy for key, (deputy, _why) in instead.items()}
    known = Recipient.objects.filter(dedupe_key__in=wanted)
    for double in known.values_list("dedupe_key", flat=True):
        del wanted[double]
    groups: dict[tuple[str, Instead], dict[str, User | Contact]] = {}
    for key, who in wanted.items():
        why = instead[key][1] if key in instead else OWN
        groups.setdefault((_language(who), why), {})[key] = who
    made: list[Recipient] = []
    for (language, why), mine in sorted(groups.items(), key=lambda group: group[0]):
        message = _write(kind, language, why, context, at, target, url)
        made += _address(message, mine)
    if made:
        _deliver_later(kind, made, wanted)
        ring(TASK)
    return made


def _wanted(
    kind: MessageKind, people: Iterable[User], contacts: Iterable[Contact], dedupe_key: str
) -> dict[str, User | Contact]:
    """Return who is to be told, by the key under which each is told once."""
    stem = f"{kind.key}:{dedupe_key}"
    found: dict[str, User | Contact] = {f"{stem}:{one.pk}": one for one in people}
    for contact in contacts:
        place = contact.addresses[0][1] if contact.addresses else contact.name
        found[f"{stem}:@{place}"[:300]] = contact
    return found


def _instead(
    kind: MessageKind, people: list[User], dedupe_key: str, at: datetime
) -> dict[str, tuple[User, Instead]]:
    """Return the deputies who are told too, by the key under which each is told once."""
    if kind.personal or not people:
        return {}
    found = deputies(people, local_date(at))
    return {f"{kind.key}:{dedupe_key}:{deputy.pk}": (deputy, why) for deputy, why in found}


def _language(who: User | Contact) -> str:
    return (who.language if isinstance(who, User) else "") or settings.LANGUAGE_CODE


def _write(
    kind: MessageKind,
    language: str,
    why: Instead,
    context: Mapping[str, Any],
    at: datetime,
    target: models.Model | None,
    url: str,
) -> Message:
    with translation.override(language):
        subject, body = str(kind.subject) % context, str(kind.body) % context + why.line()
    message = Message(
        kind=kind.key,
        subject=subject[:200],
        body=body,
        url=url,
        statutory=kind.statutory,
        created_at=at,
    )
    if target is not None:
        message.target = target
    message.save(force_insert=True)
    return message


def _address(message: Message, wanted: dict[str, User | Contact]) -> list[Recipient]:
    """Write the recipients of one message; who was told meanwhile by another is left out."""
    Recipient.objects.bulk_create(
        (
            Recipient(
                message=message,
                user=who if isinstance(who, User) else None,
                contact_name="" if isinstance(who, User) else who.name[:80],
                dedupe_key=key,
            )
            for key, who in wanted.items()
        ),
        ignore_conflicts=True,
    )
    return list(Recipient.objects.filter(message=message).select_related("message", "user"))


def _deliver_later(
    kind: MessageKind, made: list[Recipient], wanted: dict[str, User | Contact]
) -> None:
    people = [row.user_id for row in made if row.user_id]
    points, off = _points(people), _switched_off(kind, people)
    rows = []
    for row in made:
        who = wanted[row.dedupe_key]
        if isinstance(who, User):
            own = [(Channel.MAIL, who.email)] if who.email else []
            places = [p for p in own + points.get(who.pk, []) if (who.pk, p[0]) not in off]
        else:
            places = list(who.addresses)
        rows += _deliveries(kind, row, places)
    Delivery.objects.bulk_create(rows)


def _deliveries(
    kind: MessageKind, row: Recipient, places: list[tuple[Channel, str]]
) -> list[Delivery]:
    """Return one delivery for each address on a channel of the kind, in the kind's order."""
    used = sorted(
        {place for place in places if place[0] in kind.channels},
        key=lambda place: (kind.channels.index(place[0]), place[1]),
    )
    now = machine_now()
    return [
        Delivery(
            recipient=row,
            channel=channel,
            address=address,
            rank=place if kind.falls_through else 0,
            due_at=None if kind.falls_through and place else now,
        )
        for place, (channel, address) in enumerate(used)
    ]


def _points(people: list[int]) -> dict[int, list[tuple[Channel, str]]]:
    found: dict[int, list[tuple[Channel, str]]] = {}
    rows = ContactPoint.objects.filter(user__in=people, verified_at__isnull=False)
    for user_id, channel, address in rows.values_list("user_id", "channel", "address"):
        found.setdefault(user_id, []).append((Channel(channel), address))
    return found


def _switched_off(kind: MessageKind, people: list[int]) -> set[tuple[int, Channel]]:
    if not kind.can_be_disabled:
        return set()
    rows = MessagePreference.objects.filter(user__in=people, kind=kind.key, enabled=False)
    return {(user, Channel(name)) for user, name in rows.values_list("user_id", "channel")}

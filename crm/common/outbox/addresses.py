"""A person's own addresses: entered, confirmed from the address itself, removed."""

import re
from datetime import datetime, timedelta

import apprise
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.common.days.clock import day_start, local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.outbox import claims, messages
from crm.common.outbox.enums import Channel
from crm.common.outbox.models import ContactPoint, Delivery, Recipient
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records import audit

# Robots whose host is fixed by their kind: our server writes to no other place on a person's word.
OWN_ROBOTS = re.compile(r"(wecombot|dingtalk|feishu)://([\w-]+@)?[\w-]{8,100}/?", re.ASCII)
MOST, CHECKS_A_DAY = 10, 10
VALID_FOR = timedelta(days=3)
_SALT = "contact_point"
CHECK = messages.register(
    messages.MessageKind(
        key="common.address_check",
        label=gettext_lazy("Is this address mine?"),
        subject=gettext_lazy("Is this your address? %(name)s entered it"),
        body=gettext_lazy(
            "%(name)s wants messages sent here. Open the link and confirm it, signed in, within "
            "three days. If it was not you, do nothing: no message will come."
        ),
        can_be_disabled=False,
        digestible=False,
    )
)


def points_of(actor: Actor) -> QuerySet[ContactPoint]:
    """Return the actor's own addresses, the oldest first."""
    return ContactPoint.objects.filter(user_id=actor.user_id or 0).order_by("pk")


class QuestionOver(UserFacingError):
    """The link asks about no address of the actor's any more."""

    status = 410


@transaction.atomic
def add_contact_point(
    *, actor: Actor, user: User, channel: Channel, address: str, at: datetime
) -> ContactPoint:
    """Store a person's address on a channel, and ask that address whether it is theirs.

    An administrator vouches for it, for anybody and any kind of messenger. Raises
    NotAllowedError for another's address and for a place on the network that only an
    administrator may name, UserFacingError for what is no address, and beyond ten.
    """
    address, vouched = address.strip(), actor.has(Role.ADMIN)
    if not vouched and actor.user_id != user.pk:
        raise NotAllowedError(_("Administrators enter the addresses of others."))
    _check(channel, address, vouched=vouched)
    mine = ContactPoint.objects.filter(user=user)
    if mine.exclude(channel=channel, address=address).count() >= MOST:
        raise UserFacingError(_("Ten addresses are the most. Remove one first."))
    row, new = ContactPoint.objects.get_or_create(user=user, channel=channel, address=address)
    if vouched:
        row.verified_at = at
        row.save(update_fields=["verified_at"])
    if new:
        audit.record("contact_point.add", actor=actor, target=user, after={"channel": channel})
    if row.verified_at is None:
        ask_address(actor=actor, point=row, at=at)
    return row


def _check(channel: Channel, address: str, *, vouched: bool) -> None:
    if channel is Channel.MAIL:
        try:
            validate_email(address)
        except ValidationError:
            raise UserFacingError(
                _("This is no mail address. Write it like name@example.com.")
            ) from None
        return
    if channel is not Channel.APPRISE or apprise.Apprise.instantiate(address) is None:
        raise UserFacingError(_("No messenger knows this address. It starts like wecombot://."))
    if not vouched and not OWN_ROBOTS.fullmatch(address):
        raise NotAllowedError(
            _(
                "You can enter robots of WeCom, DingTalk and Feishu (wecombot://, dingtalk://, "
                "feishu://) yourself. Ask an administrator for any other."
            )
        )


@transaction.atomic
def ask_address(*, actor: Actor, point: ContactPoint, at: datetime) -> None:
    """Send the question whether it is theirs to an address that is not confirmed yet.

    Raises UserFacingError after ten a day: nobody is to be flooded with questions.
    """
    person = point.user
    asked = Recipient.objects.filter(
        dedupe_key__startswith=f"{CHECK.key}:{person.pk}/",
        message__created_at__gte=day_start(local_date(at)),
    )
    if asked.count() >= CHECKS_A_DAY:
        raise UserFacingError(_("Ten questions were sent today. Try again tomorrow."))
    name = person.display_name or person.username
    messages.queue(
        CHECK.key,
        contacts=[messages.Contact(name, ((Channel(point.channel), point.address),))],
        context={"name": name},
        at=at,
        dedupe_key=f"{person.pk}/{point.pk}:{at.isoformat()}",
        url=reverse("address_confirm", args=[token_of(point)]),
    )


def token_of(point: ContactPoint) -> str:
    """Return what a link carries to ask about an address."""
    return signing.dumps([point.pk, point.address], salt=_SALT)


def point_of(actor: Actor, token: str) -> ContactPoint:
    """Return the actor's own address that a link asks about; raises QuestionOver for none."""
    try:
        pk, address = signing.loads(token, salt=_SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        pk, address = None, ""
    row = points_of(actor).filter(pk=pk, address=address).first()
    if row is None:
        raise QuestionOver(
            _(
                "The link is too old, the address was removed, or you are signed in as somebody "
                "else. Send the question again from your settings."
            )
        )
    return row


@transaction.atomic
def confirm_address(*, actor: Actor, token: str, at: datetime) -> ContactPoint:
    """Take an address as the actor's, who read the question there; raises QuestionOver."""
    row = point_of(actor, token)
    if row.verified_at is None:
        row.verified_at = at
        row.save(update_fields=["verified_at"])
        audit.record(
            "contact_point.confirm", actor=actor, target=row.user, after={"channel": row.channel}
        )
    return row


@transaction.atomic
def remove_contact_point(*, actor: Actor, point: ContactPoint) -> None:
    """Forget one of the actor's addresses; what still waits for it is not sent.

    Raises NotAllowedError for another's.
    """
    if point.user_id != actor.user_id and not actor.has(Role.ADMIN):
        raise NotAllowedError(_("Administrators enter the addresses of others."))
    claims.cancel_waiting(
        Delivery.objects.filter(
            recipient__user=point.user, channel=point.channel, address=point.address
        )
    )
    audit.record(
        "contact_point.remove", actor=actor, target=point.user, after={"channel": point.channel}
    )
    point.delete()

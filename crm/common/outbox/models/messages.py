"""Messages, whom they are for, and how they go there."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.outbox.enums import Channel
from crm.common.outbox.models.claims import ClaimedWork
from crm.common.people.actor import Actor
from crm.common.people.scoping import ScopedQuerySet


class Message(models.Model):
    """What is told, why, and about what; in one language, to any number of recipients."""

    kind = models.CharField(max_length=80)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    url = models.CharField(max_length=300, blank=True)
    target_type = models.ForeignKey(
        ContentType, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    target_id = models.CharField(max_length=40, blank=True)
    target = GenericForeignKey("target_type", "target_id")
    statutory = models.BooleanField(_("required by law"), default=False)
    created_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("message")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["target_type", "target_id"])]

    def __str__(self) -> str:
        return self.subject


class RecipientQuerySet(ScopedQuerySet["Recipient"]):
    """The in-site inbox; each row is seen by the one it is for."""

    def visible_to(self, actor: Actor) -> "RecipientQuerySet":
        """Return the actor's own messages."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def unread(self) -> "RecipientQuerySet":
        """Return the messages nobody has opened yet."""
        return self.filter(read_at=None)

    def newest(self) -> "RecipientQuerySet":
        """Return the messages with their words, the latest first."""
        return self.select_related("message").order_by("-message__created_at", "-id")


class Recipient(models.Model):
    """One message for one person, or for a named contact who has no account."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="recipients")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="inbox"
    )
    contact_name = models.CharField(max_length=80, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True)
    acted_at = models.DateTimeField(_("acted at"), null=True)
    dedupe_key = models.CharField(max_length=300, unique=True)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        verbose_name = _("recipient")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, contact_name="")
                | (models.Q(user__isnull=True) & ~models.Q(contact_name="")),
                name="common_recipient_user_or_contact",
            )
        ]
        indexes = [models.Index(fields=["user", "read_at"])]

    def __str__(self) -> str:
        return str(self.message)


class Delivery(ClaimedWork):
    """One message to one recipient by one channel, at the address it had when it was written.

    Ranks are tried in order: a higher one is held back (no `due_at`) until the lower is given
    up. `ended_at` of a delivery that is done is the proof of dispatch, `opened_at` that of
    receipt.
    """

    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    address = models.CharField(max_length=300)
    rank = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta(ClaimedWork.Meta):
        verbose_name = _("delivery")
        constraints = [
            *ClaimedWork.Meta.constraints,
            models.UniqueConstraint(
                fields=["recipient", "channel", "address"], name="common_delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", delivered_at__isnull=False)
                | (~models.Q(state="done") & models.Q(delivered_at__isnull=True)),
                name="common_delivery_delivered_iff_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"


class ContactPoint(models.Model):
    """A person's own address on a channel; only verified ones are written to."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="contact_points"
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=300)
    verified_at = models.DateTimeField(_("verified at"), null=True)

    class Meta:
        verbose_name = _("contact point")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "address"], name="common_contactpoint_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.channel}"


class MessagePreference(models.Model):
    """A person's wish about one kind of message on one channel."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    kind = models.CharField(max_length=80)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    enabled = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("message preference")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "channel"], name="common_preference_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel}"

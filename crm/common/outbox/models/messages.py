"""Messages and events, written with the change that causes them and handed on after commit."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.outbox.enums import Channel, DeliveryState
from crm.common.people.actor import Actor
from crm.common.people.scoping import ScopedQuerySet


class NotificationQuerySet(ScopedQuerySet["Notification"]):
    """Messages; each is seen by the one it was sent to."""

    def visible_to(self, actor: Actor) -> "NotificationQuerySet":
        """Return the actor's own messages."""
        return self.filter(recipient_id=actor.user_id) if actor.user_id else self.none()

    def unread(self) -> "NotificationQuerySet":
        """Return the messages nobody has opened yet."""
        return self.filter(read_at=None)


class Notification(models.Model):
    """One message to one person (or one address), the in-site inbox's row."""

    kind = models.CharField(max_length=80)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="notifications"
    )
    address = models.CharField(max_length=200, blank=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    url = models.CharField(max_length=300, blank=True)
    target_type = models.ForeignKey(
        ContentType, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    target_id = models.BigIntegerField(null=True)
    target = GenericForeignKey("target_type", "target_id")
    created_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True)
    dedupe_key = models.CharField(max_length=200, unique=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["recipient", "read_at", "-created_at"])]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One message on one channel: claimed, tried, sent or given up, with the last error."""

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries"
    )
    channel = models.CharField(max_length=20, choices=Channel.choices)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("delivery")
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "channel"], name="common_delivery_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="common_delivery_sent_at_iff_sent",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_attempt_at"])]

    def __str__(self) -> str:
        return f"{self.channel}: {self.state}"


class NotificationPreference(models.Model):
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


class DomainEvent(models.Model):
    """Something that happened, for rooms above to react to after commit."""

    name = models.CharField(max_length=80)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True, db_index=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("event")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}#{self.pk}"


class EventReceipt(models.Model):
    """One subscriber has dealt with one event: it is never handed over twice."""

    event = models.ForeignKey(DomainEvent, on_delete=models.CASCADE, related_name="receipts")
    subscriber = models.CharField(max_length=120)
    handled_at = models.DateTimeField()

    class Meta:
        verbose_name = _("event receipt")
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="common_receipt_once")
        ]

    def __str__(self) -> str:
        return self.subscriber

"""协调会: from the request to decisions that somebody must carry out."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.scoping import ScopedQuerySet, Through
from crm.common.records.models import Attributable, TimeStamped, Versioned
from issues.enums import (
    FROZEN_STATUSES,
    HELD_STATUSES,
    MeetingKind,
    MeetingStatus,
    ResolutionKind,
)
from issues.models.issues import Issue, hidden_complaint
from projects.models import Project

# Whose work may stand on an agenda.
CONCERNED = (Role.AGENT, Role.LEAD, Role.HANDLER)


def concerning(actor: Actor) -> models.Q:
    """Return the condition of agenda items that are the actor's: by issue, project or task."""
    of_project = models.Q(project__in=Project.objects.visible_to(actor))
    tasks = Resolution.objects.filter(department_id__in=actor.department_ids)
    own = models.Q(issue__in=Issue.objects.visible_to(actor))
    if actor.has(Role.AGENT, Role.LEAD):
        own |= of_project
    if actor.has(Role.HANDLER):
        own |= models.Q(pk__in=tasks.values("item_id")) | (of_project & models.Q(issue=None))
    return own | models.Q(meeting__created_by_id=actor.user_id)


class MeetingQuerySet(ScopedQuerySet["Meeting"]):
    """Meetings; leaders see all, others those with an item of theirs or that they called."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the meetings open to the actor."""
        if actor.sees_all:
            return self.all()
        if not actor.has(*CONCERNED):
            return self.none()
        items = AgendaItem.objects.filter(concerning(actor))
        return self.filter(
            models.Q(pk__in=items.values("meeting_id")) | models.Q(created_by_id=actor.user_id)
        )

    def held(self) -> Self:
        """Return the meetings that took place."""
        return self.filter(status__in=HELD_STATUSES)


class Meeting(TimeStamped, Attributable, Versioned):
    """One coordination meeting; the minutes and all below them freeze when they are signed."""

    number = models.PositiveIntegerField(
        _("number"), unique=True, null=True, blank=True, help_text=_("Given when it is held.")
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=MeetingKind.choices, default=MeetingKind.SMALL
    )
    title = models.CharField(_("title"), max_length=120)
    reason = models.TextField(_("why it is needed"), blank=True)
    status = models.CharField(
        _("state"), max_length=12, choices=MeetingStatus.choices, default=MeetingStatus.REQUESTED
    )
    planned_at = models.DateTimeField(_("planned for"))
    held_at = models.DateTimeField(_("held at"), null=True, blank=True, db_index=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    chair = models.CharField(_("chair"), max_length=40, blank=True)
    present = models.JSONField(_("present"), default=list, blank=True)
    excused = models.JSONField(_("excused"), default=list, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    content_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-planned_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(status__in=HELD_STATUSES)
                    & models.Q(held_at__isnull=False, number__isnull=False)
                )
                | (
                    ~models.Q(status__in=HELD_STATUSES)
                    & models.Q(held_at__isnull=True, number__isnull=True)
                ),
                name="issues_meeting_held_iff",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(status__in=FROZEN_STATUSES)
                    & models.Q(signed_at__isnull=False)
                    & ~models.Q(content_hash="")
                )
                | (
                    ~models.Q(status__in=FROZEN_STATUSES)
                    & models.Q(signed_at__isnull=True, content_hash="")
                ),
                name="issues_meeting_signed_iff",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_ahead(self) -> bool:
        """Whether it is still to come: its agenda may change."""
        return self.status in (MeetingStatus.REQUESTED, MeetingStatus.AGENDA)

    @property
    def awaits_signature(self) -> bool:
        """Whether minutes are drafted and not signed."""
        return self.status == MeetingStatus.MINUTES


class OfMeetingQuerySet(ScopedQuerySet["AgendaItem"]):
    """Items of a meeting: each reader's own, all to leaders; never a complaint about the reader."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the items that concern the actor."""
        if actor.sees_all:
            return self.all()
        return self.filter(concerning(actor)) if actor.has(*CONCERNED) else self.none()

    def hidden_from(self, actor: Actor) -> models.Q | None:
        """Hide a complaint from the department it is about."""
        return hidden_complaint(actor, "issue")


class AgendaItem(models.Model):
    """One matter on the agenda: an issue, a project, or both."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("matter"), max_length=120)
    issue = models.ForeignKey(
        Issue, on_delete=models.PROTECT, null=True, blank=True, related_name="agenda_items"
    )
    project = models.ForeignKey(
        "projects.Project",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agenda_items",
    )
    background = models.TextField(_("background"), blank=True)

    objects = OfMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("agenda item")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "order"], name="issues_agenda_order"),
            models.UniqueConstraint(fields=["meeting", "issue"], name="issues_agenda_issue_once"),
            models.CheckConstraint(
                condition=models.Q(issue__isnull=False) | models.Q(project__isnull=False),
                name="issues_agenda_about_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OfItemQuerySet(Through["Resolution"]):
    """What was settled is seen by whoever sees the item, without complaints about them."""

    through = "item"

    def hidden_from(self, actor: Actor) -> models.Q | None:
        """Hide a complaint from the department it is about."""
        return hidden_complaint(actor, "item__issue")


class Resolution(models.Model):
    """What was settled about an item: by whom and until when; a task is handed out."""

    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="resolutions")
    kind = models.CharField(
        _("kind"), max_length=12, choices=ResolutionKind.choices, default=ResolutionKind.TASK
    )
    text = models.TextField(_("settled"))
    department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="resolutions",
        verbose_name=_("responsible unit"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("handed out at"), null=True, blank=True)

    objects = OfItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("resolution")
        ordering = ["item__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=ResolutionKind.TASK)
                | models.Q(department__isnull=False, due_on__isnull=False),
                name="issues_task_has_unit_and_date",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]

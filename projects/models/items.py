"""一张清单: what is to be done on a project, by whom, by when."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.common.days.clock import local_date
from crm.common.records.models import Attributable, TimeStamped, Versioned
from projects.enums import ItemSource, ItemStatus
from projects.models.projects import OfProject, Project


class ListItem(TimeStamped, Attributable, Versioned):
    """One row of the one list: what, by whom, by when; three views show the same rows.

    `source` says what kind of thing it came from, `origin` which one (a resolution, an issue,
    an approval, a line of a template).
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    what = models.CharField(_("task"), max_length=200)
    deliverable = models.CharField(_("deliverable"), max_length=120, blank=True)
    department = models.ForeignKey(
        "crm.Department",
        on_delete=models.PROTECT,
        related_name="list_items",
        verbose_name=_("responsible unit"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="list_items",
        verbose_name=_("responsible person"),
    )
    due_on = models.DateField(_("due"), db_index=True)
    predecessors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="successors"
    )
    status = models.CharField(max_length=8, choices=ItemStatus.choices, default=ItemStatus.OPEN)
    source = models.CharField(
        _("source"), max_length=10, choices=ItemSource.choices, default=ItemSource.MANUAL
    )
    origin_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    origin_id = models.BigIntegerField(null=True, blank=True)
    origin = GenericForeignKey("origin_type", "origin_id")
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    # Working days left on the day a page is read; set by the selector that reads the list.
    left: int | None = None

    objects = OfProject["ListItem"].as_manager()

    class Meta:
        verbose_name = _("list item")
        ordering = ["order", "due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(status="done") & models.Q(done_at__isnull=False))
                | (~models.Q(status="done") & models.Q(done_at__isnull=True)),
                name="projects_listitem_done_at_iff_done",
            ),
            models.CheckConstraint(
                condition=models.Q(origin_type__isnull=True, origin_id__isnull=True)
                | models.Q(origin_type__isnull=False, origin_id__isnull=False),
                name="projects_listitem_origin_whole",
            ),
        ]
        indexes = [models.Index(fields=["origin_type", "origin_id"])]

    def __str__(self) -> str:
        return self.what

    @property
    def who(self) -> str:
        """The person who answers for it, or else the unit."""
        return self.person.display_name if self.person else self.department.short_name

    @property
    def is_dropped(self) -> bool:
        """Whether it was taken off the list without being done."""
        return self.status == ItemStatus.DROPPED

    @property
    def pk_text(self) -> str:
        """Its number as a text, for the addresses within a page."""
        return str(self.pk)

    @property
    def done_words(self) -> str:
        """Whether it was done early, in time or late."""
        if self.done_at is None:
            return ""
        early = (self.due_on - local_date(self.done_at)).days
        if early < 0:
            told = ngettext("Done, %(n)s day late", "Done, %(n)s days late", -early)
        elif early:
            told = ngettext("Done, %(n)s day early", "Done, %(n)s days early", early)
        else:
            return _g("Done in time")
        return told % {"n": abs(early)}

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status == ItemStatus.OPEN

    @property
    def is_done(self) -> bool:
        """Whether it was struck off as done."""
        return self.status == ItemStatus.DONE

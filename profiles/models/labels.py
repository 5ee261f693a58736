"""Labels and warnings: what an enterprise is called, why, since when, and how it ended."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByStaff, Through
from crm.common.records.models import DatedVersion, DatedVersionQuerySet
from crm.models.enterprises import StaysWithRecord
from profiles.enums import CheckOutcome, LabelKind


class Label(models.Model):
    """A label or a warning: an identity. Its name and rule stand in dated versions.

    `category` names the kind of issue that a warning opens.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=LabelKind.choices)
    category = models.CharField(max_length=30, blank=True)

    objects = ReadByStaff["Label"].as_manager()

    class Meta:
        verbose_name = _("label")
        ordering = ["-kind", "pk"]

    def __str__(self) -> str:
        newest = max(self.versions.all(), key=lambda row: row.effective_from, default=None)
        return newest.name if newest else self.code

    @property
    def is_warning(self) -> bool:
        """Whether somebody is to look into it."""
        return self.kind == LabelKind.WARNING


class LabelVersionQuerySet(  # type: ignore[override]
    DatedVersionQuerySet["LabelVersion"], ReadByStaff["LabelVersion"]
):
    """Versions of labels; read by staff."""


class LabelVersion(DatedVersion):
    """What a label is called and whom its rule names, from a day to a day."""

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="versions")
    name = models.CharField(_("name"), max_length=40)
    rule = models.JSONField(_("rule"))
    sentence = models.TextField(_("rule in words"))
    in_use = models.BooleanField(_("in use"), default=True)

    objects = LabelVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a label")
        ordering = ["label_id", "-effective_from"]

    def __str__(self) -> str:
        return self.name


class LabelRun(models.Model):
    """One judging of all enterprises by the labels in force; `counts` by label.

    `counts` maps a label's id to how many stand, began, ended, and cannot be judged.
    """

    as_of = models.DateField(_("as of"))
    ran_at = models.DateTimeField(_("run at"))
    judged = models.PositiveIntegerField(_("judged"))
    counts = models.JSONField(default=dict)

    objects = ReadByStaff["LabelRun"].as_manager()

    class Meta:
        verbose_name = _("judging of labels")
        ordering = ["-ran_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.as_of}"


class AssignmentQuerySet(StaysWithRecord["LabelAssignment"]):
    """Assignments; seen by whoever works with the enterprise."""

    def standing(self) -> "AssignmentQuerySet":
        """Leave out what has ended."""
        return self.filter(ending=None)


class LabelAssignment(models.Model):
    """A label put on an enterprise: by which version, since when, and why, without figures.

    `why` are the conditions that were met with source and month, so that it may be read by
    whoever must not see the values themselves.
    """

    stays_when_merged = True

    version = models.ForeignKey(LabelVersion, on_delete=models.PROTECT, related_name="assignments")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="assignments")
    enterprise = models.ForeignKey(
        "crm.Enterprise", on_delete=models.PROTECT, related_name="labels"
    )
    since = models.DateField(_("since"))
    why = models.JSONField(_("why"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment of a label")
        ordering = ["-since", "pk"]
        indexes = [models.Index(fields=["label", "enterprise"])]

    def __str__(self) -> str:
        return f"{self.label_id} {self.enterprise_id}"

    @property
    def told_why(self) -> list[str]:
        """Why it stands; of one that ended, why it ended."""
        ending = getattr(self, "ending", None)
        found: list[str] = self.why if ending is None else ending.why
        return found


class OfAssignment(Through["LabelEnding"]):
    """What hangs on an assignment; seen with it."""

    through = "assignment"


class LabelEnding(models.Model):
    """The end of an assignment: from which day it no longer stands, and why."""

    assignment = models.OneToOneField(
        LabelAssignment, on_delete=models.PROTECT, related_name="ending"
    )
    on = models.DateField(_("ended on"))
    why = models.JSONField(_("why"))
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = OfAssignment.as_manager()

    class Meta:
        verbose_name = _("end of a label")
        ordering = ["-on", "pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.on}"


class OfAssignmentCheck(Through["LabelCheck"]):
    """Checks of warnings; seen with the assignment."""

    through = "assignment"


class LabelCheck(models.Model):
    """What came of looking into a warning; the newest counts, none is changed."""

    assignment = models.ForeignKey(LabelAssignment, on_delete=models.PROTECT, related_name="checks")
    outcome = models.CharField(_("outcome"), max_length=10, choices=CheckOutcome.choices)
    note = models.CharField(_("what was found"), max_length=200, blank=True)
    issue = models.ForeignKey("issues.Issue", on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(_("checked at"))
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = OfAssignmentCheck.as_manager()

    class Meta:
        verbose_name = _("check of a warning")
        ordering = ["-checked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.outcome}"

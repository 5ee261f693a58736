"""六个一: the slots of a project, and who fills them from when to when."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.common.people.scoping import ReadByAll
from projects.enums import Holder
from projects.models.projects import OfProject, Project


class TeamSlot(models.Model):
    """One slot of every project (包联领导, 责任单位 …): rows of the city, not constants."""

    code = models.SlugField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=20)
    name_en = models.CharField(max_length=40)
    holder = models.CharField(_("filled by"), max_length=8, choices=Holder.choices)
    required = models.BooleanField(_("must be filled"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    active = models.BooleanField(_("in use"), default=True)

    objects = ReadByAll["TeamSlot"].as_manager()

    class Meta:
        verbose_name = _("team slot")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the screen."""
        return self.name if (get_language() or "zh").startswith("zh") else self.name_en


class TeamMember(models.Model):
    """A person or a unit in one of a project's slots, with the period; perhaps as cover."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team")
    slot = models.ForeignKey(TeamSlot, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="team_places"
    )
    department = models.ForeignKey(
        "crm.Department", on_delete=models.PROTECT, null=True, related_name="team_places"
    )
    covers = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="covered_by"
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OfProject["TeamMember"].as_manager()

    class Meta:
        verbose_name = _("team member")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, department__isnull=True)
                | models.Q(user__isnull=True, department__isnull=False),
                name="projects_teammember_person_or_unit",
            ),
            models.UniqueConstraint(
                fields=["project", "user", "slot"],
                condition=models.Q(until=None),
                name="projects_teammember_once",
            ),
            models.UniqueConstraint(
                fields=["project", "department", "slot"],
                condition=models.Q(until=None),
                name="projects_teamunit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot}: {self.who}"

    @property
    def who(self) -> str:
        """The name of the person or the unit."""
        return str(self.user or self.department or "")

"""Choices of the policy room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStatus(models.TextChoices):
    """Where a version of a clause's rule stands."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("In force")
    RETIRED = "retired", _("Retired")


class MatchState(models.TextChoices):
    """What a rule says of an enterprise."""

    ELIGIBLE = "eligible", _("Eligible")
    ONE_STEP = "one_step", _("One step away")
    UNKNOWN = "unknown", _("Data missing")

"""Choices of the policy room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VersionStatus(models.TextChoices):
    """Where a version of a clause's rule stands; whether it is in force is asked for a day."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", pgettext_lazy("clause version", "Submitted")
    PUBLISHED = "published", pgettext_lazy("clause version", "Published")
    SUPERSEDED = "superseded", pgettext_lazy("clause version", "Superseded")
    WITHDRAWN = "withdrawn", pgettext_lazy("clause version", "Withdrawn")


class PushAnswer(models.TextChoices):
    """What an enterprise says to a policy it was told of."""

    WANTED = "wanted", pgettext_lazy("answer to a policy", "We want it")
    DECLINED = "declined", pgettext_lazy("answer to a policy", "Not for us")


class MatchState(models.TextChoices):
    """What a rule says of an enterprise."""

    ELIGIBLE = "eligible", _("Eligible")
    ONE_STEP = "one_step", _("One step away")
    UNKNOWN = "unknown", _("Data missing")

"""Choices of the profile room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ValueType(models.TextChoices):
    """What kind of value an indicator has."""

    DECIMAL = "decimal", _("Number")
    INT = "int", _("Whole number")
    BOOL = "bool", _("Yes or no")
    DATE = "date", _("Date")
    CATEGORY = "category", _("Category")


class PeriodKind(models.TextChoices):
    """What span of time a value of an indicator stands for."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")
    SNAPSHOT = "snapshot", _("As of a day")


class Sensitivity(models.TextChoices):
    """Who may see a single enterprise's value of an indicator."""

    OPEN = "open", pgettext_lazy("sensitivity", "Open")
    INTERNAL = "internal", pgettext_lazy("sensitivity", "Internal")
    CONFIDENTIAL = "confidential", pgettext_lazy("sensitivity", "Confidential")


class ConsentWay(models.TextChoices):
    """How an enterprise gave its consent."""

    PORTAL = "portal", _("In the portal")
    PAPER = "paper", _("On paper")


class BatchStatus(models.TextChoices):
    """Where an import stands."""

    IMPORTED = "imported", _("Imported")
    ROLLED_BACK = "rolled_back", _("Rolled back")


class LabelKind(models.TextChoices):
    """A label says what an enterprise is; a warning asks that somebody look."""

    LABEL = "label", _("Label")
    WARNING = "warning", _("Warning")


class CheckOutcome(models.TextChoices):
    """What came of looking into a warning."""

    CONFIRMED = "confirmed", _("It is so")
    HARMLESS = "harmless", _("Harmless")
    WRONG = "wrong", _("The data are wrong")
    ISSUE = "issue", _("Made an issue")


class ReviewReason(models.TextChoices):
    """Why a row of a file waits for a person."""

    UNKNOWN = "unknown", _("Enterprise not known")
    WRONG_CODE = "wrong_code", _("Credit code is wrong")


# Days after which a value counts as stale, by the rhythm in which it is reported.
FRESH_DAYS = {
    PeriodKind.MONTH: 62,
    PeriodKind.QUARTER: 150,
    PeriodKind.YEAR: 500,
    PeriodKind.SNAPSHOT: 400,
}

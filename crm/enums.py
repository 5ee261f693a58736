"""Choices of the enterprise room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    """What kind of place an area is."""

    CITY = "city", _("City")
    STREET = "street", _("Street")
    TOWN = "town", _("Town")
    TOWNSHIP = "township", _("Township")
    FARM = "farm", _("Farm")
    PARK = "park", _("Park")


class EnterpriseType(models.TextChoices):
    """市场主体类型, folded to the classes policies ask about."""

    LIMITED = "limited", _("Limited company")
    JOINT_STOCK = "joint_stock", _("Joint-stock company")
    FOREIGN = "foreign", _("Foreign-invested company")
    PARTNERSHIP = "partnership", _("Partnership")
    SOLE = "sole", _("Sole proprietorship")
    INDIVIDUAL = "individual", _("Individual business")
    COOPERATIVE = "cooperative", _("Farmers' cooperative")
    OTHER = "other", _("Other")


class RegistrationStatus(models.TextChoices):
    """登记状态 at the market regulator."""

    ACTIVE = "active", _("In operation")
    SUSPENDED = "suspended", _("Suspended")
    REVOKED = "revoked", _("Licence revoked")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED_OUT = "moved_out", _("Moved out")
    MERGED = "merged", _("Merged into another record")

    @classmethod
    def choosable(cls) -> list[tuple[str, object]]:
        """Return what a person may enter; only a merge marks a record as merged."""
        return [choice for choice in cls.choices if choice[0] != cls.MERGED]


class RegisterAttribute(models.TextChoices):
    """What the register says of an enterprise from one day on; the values are its columns."""

    NAME = "name", _("Name")
    AREA = "area", _("Area")
    INDUSTRY = "industry", _("Industry")
    STATUS = "status", _("Status")
    ENTERPRISE_TYPE = "enterprise_type", _("Type")
    ESTABLISHED_ON = "established_on", _("Established on")


class MembershipRole(models.TextChoices):
    """What a user may do for an enterprise."""

    OWNER = "owner", _("Legal representative")
    MANAGER = "manager", _("Manager")
    CLERK = "clerk", _("Clerk")


class RevealPurpose(models.TextChoices):
    """What a full phone number is asked for; an auditor names the case instead."""

    ISSUE = "issue", _("To call about an issue")
    PROJECT = "project", _("To call about a project")
    VISIT = "visit", _("To arrange a visit")
    POLICY = "policy", _("To explain a policy")
    AUDIT = "audit", _("To examine a case")

    @classmethod
    def askable(cls) -> list[tuple[str, object]]:
        """Return the purposes of daily work."""
        return [choice for choice in cls.choices if choice[0] != cls.AUDIT]


class VisitPurpose(models.TextChoices):
    """Why an enterprise is visited."""

    ROUTINE = "routine", _("Regular visit")
    ISSUE = "issue", _("About an issue")
    POLICY = "policy", _("About a policy")
    SWEEP = "sweep", _("Issue sweep")

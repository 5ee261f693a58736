"""Choices of the project room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """投资项目的阶段, from lead to the statistics register."""

    LEAD = "lead", _("Lead")
    NEGOTIATING = "negotiating", _("In negotiation")
    SIGNED = "signed", _("Signed")
    REGISTERED = "registered", _("Company registered")
    FILED = "filed", _("Filed")
    LAND = "land", _("Land supply")
    PLANNING = "planning", _("Planning")
    PERMITTED = "permitted", _("Construction permit")
    STARTED = "started", _("Started")
    COMPLETED = "completed", _("Completed")
    PRODUCING = "producing", _("Producing")
    ON_TARGET = "on_target", _("On target")
    LISTED = "listed", _("Listed")


STAGES = tuple(Stage)


class Standing(models.TextChoices):
    """Whether a project goes on; beside its stage, which a pause never forgets."""

    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    TERMINATED = "terminated", _("Terminated")
    REMOVED = "removed", _("Removed, entered by mistake")


class ProjectKind(models.TextChoices):
    """What kind of investment; decides templates and approvals."""

    INDUSTRIAL = "industrial", _("Industrial")
    COMMERCIAL = "commercial", _("Commerce and services")
    AGRICULTURAL = "agricultural", _("Agricultural processing")
    LOGISTICS = "logistics", _("Logistics")


class Holder(models.TextChoices):
    """Who may fill a slot of 六个一: a person, a unit, or either."""

    PERSON = "person", _("A person")
    UNIT = "unit", _("A unit")
    EITHER = "either", _("A person or a unit")


class ItemStatus(models.TextChoices):
    """Where one row of the one list stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ItemSource(models.TextChoices):
    """Where a row of the one list came from."""

    TEMPLATE = "template", _("Template")
    MEETING = "meeting", _("Meeting")
    ISSUE = "issue", _("Issue")
    APPROVAL = "approval", _("Approval")
    MANUAL = "manual", _("Entered")


class ApprovalStatus(models.TextChoices):
    """代办事项的状态."""

    DRAFTED = "drafted", _("Drafted")
    ENTRUSTED = "entrusted", _("Entrusted")
    MATERIALS = "materials", _("Materials")
    ACCEPTED = "accepted", _("Accepted")
    UNDER_REVIEW = "under_review", _("Under review")
    PAUSED = "paused", _("Clock stopped")
    DECIDED = "decided", _("Decided")
    REFUSED = "refused", _("Refused")
    DELIVERED = "delivered", _("Delivered")
    RATED = "rated", _("Rated")


RUNNING_APPROVALS = (ApprovalStatus.ACCEPTED, ApprovalStatus.UNDER_REVIEW)
ENDED_APPROVALS = (
    ApprovalStatus.DECIDED,
    ApprovalStatus.REFUSED,
    ApprovalStatus.DELIVERED,
    ApprovalStatus.RATED,
)


class DecisionStatus(models.TextChoices):
    """Where a zero-burden decision stands."""

    PROPOSED = "proposed", _("Proposed")
    IN_FORCE = "in_force", _("In force")
    REVOKED = "revoked", _("Revoked")


class FeeMode(models.TextChoices):
    """How a project is relieved of a fee (零负担)."""

    WAIVED = "waived", _("Waived")
    CITY_PAID = "city_paid", _("Paid by the city")
    DEFERRED = "deferred", _("Deferred")
    CHARGED = "charged", _("Charged")


class Light(models.TextChoices):
    """How a project does, shown with icon and word."""

    GREEN = "ok", _("On track")
    AMBER = "risk", _("At risk")
    RED = "over", _("Late")
    GREY = "hold", _("Paused")

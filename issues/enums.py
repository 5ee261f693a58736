"""Choices of the issues room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IssueKind(models.TextChoices):
    """Something that is wrong, or something that is wanted."""

    PROBLEM = "problem", _("Problem")
    NEED = "need", _("Need")


class IssueSource(models.TextChoices):
    """Where an issue came to the city's knowledge."""

    SWEEP = "sweep", _("Issue sweep")
    VISIT = "visit", _("Visit")
    PORTAL = "portal", _("Enterprise portal")
    HOTLINE = "hotline", _("Hotline 12345")
    MEETING = "meeting", _("Meeting")
    INSPECTION = "inspection", _("Inspection")


class Severity(models.TextChoices):
    """What the issue does to the enterprise's work."""

    NORMAL = "normal", pgettext_lazy("severity", "Ordinary")
    DELAYING = "delaying", pgettext_lazy("severity", "Delays the work")
    STOPPED = "stopped", pgettext_lazy("severity", "Work stopped")


class IssueStatus(models.TextChoices):
    """The steps of 递进式销号 and its side states."""

    RECEIVED = "received", pgettext_lazy("issue status", "Received")
    ASSIGNED = "assigned", pgettext_lazy("issue status", "Assigned")
    SIGNED = "signed", pgettext_lazy("issue status", "Signed for")
    HANDLING = "handling", pgettext_lazy("issue status", "In handling")
    ANSWERED = "answered", pgettext_lazy("issue status", "Answered")
    VERIFIED = "verified", pgettext_lazy("issue status", "Verified")
    CLOSED = "closed", pgettext_lazy("issue status", "Struck off")
    RETURNED = "returned", pgettext_lazy("issue status", "Returned")
    PARKED = "parked", pgettext_lazy("issue status", "Parked")
    REFUSED = "refused", pgettext_lazy("issue status", "Not accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("issue status", "Entered by mistake")


class AssignmentRole(models.TextChoices):
    """Whether a department leads or assists."""

    LEAD = "lead", _("Leads")
    ASSIST = "assist", _("Assists")


class Outcome(models.TextChoices):
    """What the enterprise says about the answer."""

    SOLVED = "solved", pgettext_lazy("outcome", "Solved")
    PARTLY = "partly", pgettext_lazy("outcome", "Partly solved")
    NOT = "not", pgettext_lazy("outcome", "Not solved")


class Channel(models.TextChoices):
    """How the enterprise told what it thinks of an answer."""

    PORTAL = "portal", _("Enterprise portal")
    LINK = "link", pgettext_lazy("channel", "Signed link")
    TELEPHONE = "telephone", pgettext_lazy("channel", "Telephone")


class RoundEnd(models.TextChoices):
    """How a round of an issue ended; silence is never “solved”."""

    SOLVED = "solved", pgettext_lazy("round end", "Solved, says the enterprise")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("round end", "Unconfirmed")
    DISPUTED = "disputed", pgettext_lazy("round end", "Not solved, says the enterprise")
    SENT_BACK = "sent_back", pgettext_lazy("round end", "Sent back")
    REFUSED = "refused", pgettext_lazy("round end", "Not accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("round end", "Entered by mistake")


class SweepStatus(models.TextChoices):
    """Whether a round is planned, goes on or is over."""

    PLANNED = "planned", pgettext_lazy("sweep", "Planned")
    OPEN = "open", pgettext_lazy("sweep", "Going on")
    CLOSED = "closed", pgettext_lazy("sweep", "Finished")


class MeetingKind(models.TextChoices):
    """How large a meeting is."""

    SMALL = "small", _("Coordination meeting")
    TOPIC = "topic", _("Meeting on one topic")
    DISPATCH = "dispatch", _("Dispatch meeting")


class MeetingStatus(models.TextChoices):
    """From the request to the hand-out of the decisions."""

    REQUESTED = "requested", pgettext_lazy("meeting", "Requested")
    AGENDA = "agenda", pgettext_lazy("meeting", "Agenda set")
    HELD = "held", pgettext_lazy("meeting", "Held")
    MINUTES = "minutes", pgettext_lazy("meeting", "Minutes drafted")
    SIGNED = "signed", pgettext_lazy("meeting", "Minutes signed")
    DISPATCHED = "dispatched", pgettext_lazy("meeting", "Decisions handed out")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


class ResolutionKind(models.TextChoices):
    """What a meeting says about an item."""

    DECISION = "decision", _("Decision")
    TASK = "task", _("Task")
    INFORMATION = "information", _("Information")


OPEN_STATUSES = (
    IssueStatus.RECEIVED,
    IssueStatus.ASSIGNED,
    IssueStatus.SIGNED,
    IssueStatus.HANDLING,
    IssueStatus.ANSWERED,
    IssueStatus.VERIFIED,
    IssueStatus.RETURNED,
)
HANDLED_STATUSES = (IssueStatus.ASSIGNED, IssueStatus.SIGNED, IssueStatus.HANDLING)
ASKING_STATUSES = (IssueStatus.ANSWERED, IssueStatus.VERIFIED)
HELD_STATUSES = (
    MeetingStatus.HELD,
    MeetingStatus.MINUTES,
    MeetingStatus.SIGNED,
    MeetingStatus.DISPATCHED,
)
FROZEN_STATUSES = (MeetingStatus.SIGNED, MeetingStatus.DISPATCHED)

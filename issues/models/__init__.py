"""Issues, sweeps and meetings."""

from issues.models.categories import IssueCategory, LimitProfile, LimitRule
from issues.models.issues import Confirmation, Issue, IssueAssignment
from issues.models.meetings import AgendaItem, Meeting, Resolution
from issues.models.sweeps import Sweep, SweepTarget, SweepVisit

__all__ = [
    "AgendaItem",
    "Confirmation",
    "Issue",
    "IssueAssignment",
    "IssueCategory",
    "LimitProfile",
    "LimitRule",
    "Meeting",
    "Resolution",
    "Sweep",
    "SweepTarget",
    "SweepVisit",
]

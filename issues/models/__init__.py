"""Issues with their rounds, sweeps and meetings."""

from issues.models.categories import IssueCategory, LimitProfile, LimitRule, LimitVersion
from issues.models.issues import Issue
from issues.models.meetings import AgendaItem, Meeting, Resolution
from issues.models.rounds import (
    Confirmation,
    IssueAssignment,
    IssueExtension,
    IssuePause,
    IssueRound,
)
from issues.models.sweeps import Sweep, SweepTarget

__all__ = [
    "AgendaItem",
    "Confirmation",
    "Issue",
    "IssueAssignment",
    "IssueCategory",
    "IssueExtension",
    "IssuePause",
    "IssueRound",
    "LimitProfile",
    "LimitRule",
    "LimitVersion",
    "Meeting",
    "Resolution",
    "Sweep",
    "SweepTarget",
]

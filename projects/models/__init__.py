"""Projects, their teams, the one list, approvals and fees."""

from projects.models.approvals import Approval, ApprovalMatter, ApprovalPause
from projects.models.fees import ProjectFee, ZeroBurdenDecision
from projects.models.projects import ListItem, Project, TeamMember

__all__ = [
    "Approval",
    "ApprovalMatter",
    "ApprovalPause",
    "ListItem",
    "Project",
    "ProjectFee",
    "TeamMember",
    "ZeroBurdenDecision",
]

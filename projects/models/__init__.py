"""Projects, their teams, the one list, approvals and fees."""

from projects.models.approvals import Approval, ApprovalMatter, ApprovalPause, MatterVersion
from projects.models.fees import FeeItem, FeeItemVersion, ProjectFee, ZeroBurdenDecision
from projects.models.items import ListItem
from projects.models.projects import AgreedInvestment, InvestmentProgress, Project, ProjectLight
from projects.models.teams import TeamMember, TeamSlot

__all__ = [
    "AgreedInvestment",
    "Approval",
    "ApprovalMatter",
    "ApprovalPause",
    "FeeItem",
    "FeeItemVersion",
    "InvestmentProgress",
    "ListItem",
    "MatterVersion",
    "Project",
    "ProjectFee",
    "ProjectLight",
    "TeamMember",
    "TeamSlot",
    "ZeroBurdenDecision",
]

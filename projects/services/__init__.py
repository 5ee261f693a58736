"""Writes of the project room."""

from projects.services.approvals import entrust_approvals, move_approval
from projects.services.catalogue import load_approval_matters
from projects.services.fees import decide_zero_burden
from projects.services.items import add_list_items, finish_item
from projects.services.projects import (
    ProjectInput,
    advance_stage,
    assign_team,
    pause_project,
    register_project,
    resume_project,
    update_project,
)

__all__ = [
    "ProjectInput",
    "add_list_items",
    "advance_stage",
    "assign_team",
    "decide_zero_burden",
    "entrust_approvals",
    "finish_item",
    "load_approval_matters",
    "move_approval",
    "pause_project",
    "register_project",
    "resume_project",
    "update_project",
]

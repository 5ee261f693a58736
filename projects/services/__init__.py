"""Writes of the project room."""

from projects.services.approvals import entrust_approvals, hand_over_cases, move_approval
from projects.services.catalogue import (
    load_approval_matters,
    load_fee_items,
    load_project_reference,
    load_team_slots,
    revise_fee,
    revise_matter,
)
from projects.services.fees import (
    FeeInput,
    decide_zero_burden,
    propose_zero_burden,
    revoke_zero_burden,
)
from projects.services.items import (
    Delivered,
    ItemInput,
    add_list_items,
    drop_item,
    finish_item,
    finish_items,
    hand_over_items,
    place_item,
    reopen_item,
    undo_item,
    update_item,
)
from projects.services.light_history import tell_light_history
from projects.services.lights import lights_deferred, refresh_light, refresh_lights
from projects.services.moves import advance_stage, move_stage, move_standing, undo_stage
from projects.services.projects import (
    ProjectInput,
    record_paid_in,
    register_project,
    update_project,
)
from projects.services.reported import CaseReport, report_cases
from projects.services.teams import assign_team, hand_over_places, leave_team

__all__ = [
    "CaseReport",
    "Delivered",
    "FeeInput",
    "ItemInput",
    "ProjectInput",
    "add_list_items",
    "advance_stage",
    "assign_team",
    "decide_zero_burden",
    "drop_item",
    "entrust_approvals",
    "finish_item",
    "finish_items",
    "hand_over_cases",
    "hand_over_items",
    "hand_over_places",
    "leave_team",
    "lights_deferred",
    "load_approval_matters",
    "load_fee_items",
    "load_project_reference",
    "load_team_slots",
    "move_approval",
    "move_stage",
    "move_standing",
    "place_item",
    "propose_zero_burden",
    "record_paid_in",
    "refresh_light",
    "refresh_lights",
    "register_project",
    "reopen_item",
    "report_cases",
    "revise_fee",
    "revise_matter",
    "revoke_zero_burden",
    "tell_light_history",
    "undo_item",
    "undo_stage",
    "update_item",
    "update_project",
]

"""Writes of the issues room."""

from issues.services.answering import answer_issue, confirm_by_enterprise, send_back, verify_issue
from issues.services.assigning import assign_issue, return_issue, sign_for, start_handling
from issues.services.closing import (
    close_issue,
    extend_issue,
    park_issue,
    refuse_issue,
    reopen_issue,
    resume_issue,
)
from issues.services.logging import log_issue
from issues.services.meetings import (
    Matter,
    Settled,
    cancel_meeting,
    dispatch_resolutions,
    draft_minutes,
    hold_meeting,
    minutes_hash,
    request_meeting,
    set_agenda,
    sign_minutes,
)
from issues.services.sweeping import (
    Finding,
    TargetSpec,
    add_sweep_issue,
    close_sweep,
    open_sweep,
    record_clean_visits,
    record_sweep_visit,
)

__all__ = [
    "Finding",
    "Matter",
    "Settled",
    "TargetSpec",
    "add_sweep_issue",
    "answer_issue",
    "assign_issue",
    "cancel_meeting",
    "close_issue",
    "close_sweep",
    "confirm_by_enterprise",
    "dispatch_resolutions",
    "draft_minutes",
    "extend_issue",
    "hold_meeting",
    "log_issue",
    "minutes_hash",
    "open_sweep",
    "park_issue",
    "record_clean_visits",
    "record_sweep_visit",
    "refuse_issue",
    "reopen_issue",
    "request_meeting",
    "resume_issue",
    "return_issue",
    "send_back",
    "set_agenda",
    "sign_for",
    "sign_minutes",
    "start_handling",
    "verify_issue",
]

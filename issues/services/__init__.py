"""Writes of the issues room."""

from issues.services.agendas import add_matter, approve_agenda, drop_matter, raise_matter
from issues.services.answering import answer_issue, send_back, verify_issue
from issues.services.assigning import (
    assign_issue,
    return_issue,
    sign_for,
    sign_for_all,
    start_handling,
)
from issues.services.caring import add_files, urge_issue
from issues.services.catalogue import load_issue_reference
from issues.services.closing import (
    close_issue,
    close_unconfirmed,
    extend_issue,
    park_issue,
    refuse_issue,
    reopen_issue,
    resume_issue,
    withdraw_issue,
)
from issues.services.confirming import (
    ask_by_telephone,
    confirm_by_enterprise,
    record_telephone_word,
)
from issues.services.links import confirm_by_link, copy_link, open_question
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
    excuse_target,
    open_sweep,
    plan_sweep,
    record_clean_visits,
    record_sweep_visit,
    start_sweep,
)

__all__ = [
    "Finding",
    "Matter",
    "Settled",
    "TargetSpec",
    "add_files",
    "add_matter",
    "add_sweep_issue",
    "answer_issue",
    "approve_agenda",
    "ask_by_telephone",
    "assign_issue",
    "cancel_meeting",
    "close_issue",
    "close_sweep",
    "close_unconfirmed",
    "confirm_by_enterprise",
    "confirm_by_link",
    "copy_link",
    "dispatch_resolutions",
    "draft_minutes",
    "drop_matter",
    "excuse_target",
    "extend_issue",
    "hold_meeting",
    "load_issue_reference",
    "log_issue",
    "minutes_hash",
    "open_question",
    "open_sweep",
    "park_issue",
    "plan_sweep",
    "raise_matter",
    "record_clean_visits",
    "record_sweep_visit",
    "record_telephone_word",
    "refuse_issue",
    "reopen_issue",
    "request_meeting",
    "resume_issue",
    "return_issue",
    "send_back",
    "set_agenda",
    "sign_for",
    "sign_for_all",
    "sign_minutes",
    "start_handling",
    "start_sweep",
    "urge_issue",
    "verify_issue",
    "withdraw_issue",
]

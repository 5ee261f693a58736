"""Writes of the enterprise room."""

from crm.services.absences import (
    AbsenceInput,
    end_absence,
    enter_absence,
    hand_over_standing_in,
)
from crm.services.accounts import (
    AccountInput,
    account_of,
    change_area,
    change_role,
    close_account,
    demand_second_step,
    end_sessions,
    hand_over_areas,
    open_account,
    password_link,
    reopen_account,
    reset_second_step,
    update_account,
)
from crm.services.contacts import add_contact, add_membership, reveal_phone, update_contact
from crm.services.enterprises import (
    EnterpriseInput,
    register_enterprise,
    register_enterprises,
    rename_enterprise,
    update_enterprise,
)
from crm.services.merges import merge_enterprises, undo_merge
from crm.services.reference import load_catalogues, load_reference
from crm.services.staff_list import check_names, open_accounts, read_names
from crm.services.visits import record_visit

__all__ = [
    "AbsenceInput",
    "AccountInput",
    "EnterpriseInput",
    "account_of",
    "add_contact",
    "add_membership",
    "change_area",
    "change_role",
    "check_names",
    "close_account",
    "demand_second_step",
    "end_absence",
    "end_sessions",
    "enter_absence",
    "hand_over_areas",
    "hand_over_standing_in",
    "load_catalogues",
    "load_reference",
    "merge_enterprises",
    "open_account",
    "open_accounts",
    "password_link",
    "read_names",
    "record_visit",
    "register_enterprise",
    "register_enterprises",
    "rename_enterprise",
    "reopen_account",
    "reset_second_step",
    "reveal_phone",
    "undo_merge",
    "update_account",
    "update_contact",
    "update_enterprise",
]

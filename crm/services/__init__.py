"""Writes of the enterprise room."""

from crm.services.accounts import (
    AccountInput,
    close_account,
    end_sessions,
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
from crm.services.visits import record_visit

__all__ = [
    "AccountInput",
    "EnterpriseInput",
    "add_contact",
    "add_membership",
    "close_account",
    "end_sessions",
    "load_catalogues",
    "load_reference",
    "merge_enterprises",
    "open_account",
    "password_link",
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

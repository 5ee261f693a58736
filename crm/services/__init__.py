"""Writes of the enterprise room."""

from crm.services.contacts import add_contact, add_membership, reveal_phone, update_contact
from crm.services.enterprises import (
    EnterpriseInput,
    register_enterprise,
    register_enterprises,
    rename_enterprise,
    update_enterprise,
)
from crm.services.merges import merge_enterprises, undo_merge
from crm.services.reference import load_reference
from crm.services.visits import record_visit

__all__ = [
    "EnterpriseInput",
    "add_contact",
    "add_membership",
    "load_reference",
    "merge_enterprises",
    "record_visit",
    "register_enterprise",
    "register_enterprises",
    "rename_enterprise",
    "reveal_phone",
    "undo_merge",
    "update_contact",
    "update_enterprise",
]

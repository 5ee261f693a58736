"""Writes of the profile room."""

from profiles.services.books import books, books_in
from profiles.services.catalogue import load_indicators, revise_indicator
from profiles.services.consents import give_consent, take_over_consents, withdraw_consent
from profiles.services.importing import import_table
from profiles.services.labels import (
    assign_labels,
    check_warning,
    load_labels,
    open_issue,
    revise_label,
)
from profiles.services.recording import Value, record_values
from profiles.services.reports import ImportAsks, ImportRefused, ImportReport
from profiles.services.rolling_back import roll_back_batch
from profiles.services.snapshots import build_snapshot, read_facts

__all__ = [
    "ImportAsks",
    "ImportRefused",
    "ImportReport",
    "Value",
    "assign_labels",
    "books",
    "books_in",
    "build_snapshot",
    "check_warning",
    "give_consent",
    "import_table",
    "load_indicators",
    "load_labels",
    "open_issue",
    "read_facts",
    "record_values",
    "revise_indicator",
    "revise_label",
    "roll_back_batch",
    "take_over_consents",
    "withdraw_consent",
]

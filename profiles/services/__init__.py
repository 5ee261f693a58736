"""Writes of the profile room."""

from profiles.services.catalogue import load_indicators
from profiles.services.importing import ImportRefused, ImportReport, import_table, roll_back_batch
from profiles.services.recording import Value, record_values

__all__ = [
    "ImportRefused",
    "ImportReport",
    "Value",
    "import_table",
    "load_indicators",
    "record_values",
    "roll_back_batch",
]

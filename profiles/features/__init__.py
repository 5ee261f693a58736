"""The facts a rule may ask for, and those that follow from what departments report."""

from profiles.features.catalogue import (
    ATTRIBUTES,
    QUALIFICATIONS,
    Feature,
    Qualification,
    catalogue,
    indicator_ids,
    language,
)
from profiles.features.derived import DERIVED, Derived
from profiles.features.sizes import NOT_APPLICABLE, size_class
from profiles.features.windows import MONTHS_OF, Window, windows_of

__all__ = [
    "ATTRIBUTES",
    "DERIVED",
    "MONTHS_OF",
    "NOT_APPLICABLE",
    "QUALIFICATIONS",
    "Derived",
    "Feature",
    "Qualification",
    "Window",
    "catalogue",
    "indicator_ids",
    "language",
    "size_class",
    "windows_of",
]

"""Indicators, observations with their lineage, imports, snapshots."""

from profiles.models.imports import ImportBatch, UnknownEnterprise
from profiles.models.indicators import ColumnMapping, Indicator
from profiles.models.observations import Observation
from profiles.models.snapshots import FeatureSnapshot

__all__ = [
    "ColumnMapping",
    "FeatureSnapshot",
    "ImportBatch",
    "Indicator",
    "Observation",
    "UnknownEnterprise",
]

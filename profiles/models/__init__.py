"""Indicators, observations with their lineage, imports, snapshots."""

from profiles.models.consents import Consent
from profiles.models.imports import ImportBatch, UnknownEnterprise
from profiles.models.indicators import ColumnMapping, Indicator, IndicatorVersion, LayoutAnswer
from profiles.models.labels import (
    Label,
    LabelAssignment,
    LabelCheck,
    LabelEnding,
    LabelRun,
    LabelVersion,
)
from profiles.models.observations import Observation, ObservationConfirmation
from profiles.models.snapshots import FeatureSnapshot

__all__ = [
    "ColumnMapping",
    "Consent",
    "FeatureSnapshot",
    "ImportBatch",
    "Indicator",
    "IndicatorVersion",
    "Label",
    "LabelAssignment",
    "LabelCheck",
    "LabelEnding",
    "LabelRun",
    "LabelVersion",
    "LayoutAnswer",
    "Observation",
    "ObservationConfirmation",
    "UnknownEnterprise",
]

"""The facts a rule may ask for: indicators by window, and attributes of the enterprise."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from profiles.enums import PeriodKind, Sensitivity, ValueType
from profiles.models import IndicatorVersion
from profiles.rules import Catalogue, FeatureType, Shape

ATTRIBUTES = {
    "enterprise.industry": _("industry"),
    "enterprise.area": _("area"),
    "enterprise.status": _("registration status"),
    "enterprise.established_on": _("date of establishment"),
}

_ATTRIBUTE_TYPES = {"enterprise.established_on": ValueType.DATE}


@dataclass(frozen=True, slots=True)
class Feature:
    """A fact by its key: `code@latest` or, for yearly indicators, `code@last_year`.

    Everything of it is as the catalogue said on the day that was asked for.
    """

    key: str
    label: str
    unit: str
    value_type: str
    department: str
    indicator_id: int | None = None
    sensitivity: str = Sensitivity.OPEN
    legal_values: tuple[str, ...] = ()

    @property
    def is_confidential(self) -> bool:
        """Whether a rule may rest on it only with the enterprise's consent."""
        return self.sensitivity == Sensitivity.CONFIDENTIAL

    @property
    def is_yearly(self) -> bool:
        """Whether it is the value of the year before the snapshot's day."""
        return self.key.endswith("@last_year")


def catalogue(on: date) -> dict[str, Feature]:
    """Return every feature a rule may ask for, by the catalogue in force on a day."""
    features = {
        key: Feature(key, str(label), "", _ATTRIBUTE_TYPES.get(key, ValueType.CATEGORY), "")
        for key, label in ATTRIBUTES.items()
    }
    rows = IndicatorVersion.objects.in_force(on).select_related("indicator", "department")
    for row in rows.order_by("indicator_id"):
        window = "last_year" if row.period == PeriodKind.YEAR else "latest"
        key = f"{row.code}@{window}"
        label = f"上年{row.name}" if window == "last_year" else row.name
        features[key] = Feature(
            key,
            label,
            row.unit,
            row.value_type,
            row.department.short_name,
            row.indicator_id,
            row.sensitivity,
            tuple(row.legal_values),
        )
    return features


_SHAPES = {
    ValueType.DECIMAL: Shape.NUMBER,
    ValueType.INT: Shape.NUMBER,
    ValueType.BOOL: Shape.FLAG,
    ValueType.DATE: Shape.DATE,
    ValueType.CATEGORY: Shape.TEXT,
}


def types(on: date) -> Catalogue:
    """Return shape and unit of every feature on a day: what rules and benefits are parsed with."""
    return types_of(catalogue(on))


def types_of(known: dict[str, Feature]) -> Catalogue:
    """Return shape and unit of features that were read already."""
    return {
        key: FeatureType(_SHAPES[ValueType(feature.value_type)], feature.unit)
        for key, feature in known.items()
    }


def names(on: date) -> dict[str, str]:
    """Return the name of every feature on a day, as sentences write it."""
    return {key: feature.label for key, feature in catalogue(on).items()}

"""The facts a rule may ask for: indicators by window, and attributes of the enterprise."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from profiles.enums import PeriodKind, ValueType
from profiles.models import Indicator
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
    """A fact by its key: `code@latest` or, for yearly indicators, `code@last_year`."""

    key: str
    label: str
    unit: str
    value_type: str
    department: str
    indicator_id: int | None = None


def catalogue() -> dict[str, Feature]:
    """Return every feature a rule may ask for."""
    features = {
        key: Feature(key, str(label), "", _ATTRIBUTE_TYPES.get(key, ValueType.CATEGORY), "")
        for key, label in ATTRIBUTES.items()
    }
    for row in Indicator.objects.select_related("department"):
        window = "last_year" if row.period == PeriodKind.YEAR else "latest"
        key = f"{row.code}@{window}"
        label = f"上年{row.name}" if window == "last_year" else row.name
        features[key] = Feature(
            key, label, row.unit, row.value_type, row.department.short_name, row.pk
        )
    return features


_SHAPES = {
    ValueType.DECIMAL: Shape.NUMBER,
    ValueType.INT: Shape.NUMBER,
    ValueType.BOOL: Shape.FLAG,
    ValueType.DATE: Shape.DATE,
    ValueType.CATEGORY: Shape.TEXT,
}


def types() -> Catalogue:
    """Return shape and unit of every feature: what rules and benefits are parsed against."""
    return {
        key: FeatureType(_SHAPES[ValueType(feature.value_type)], feature.unit)
        for key, feature in catalogue().items()
    }


def names() -> dict[str, str]:
    """Return the name of every feature as sentences write it."""
    return {key: feature.label for key, feature in catalogue().items()}

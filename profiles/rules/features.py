"""What a rule or a benefit must know of a feature before it may speak of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.common.quantity import Kind, kind_of


class Shape(StrEnum):
    """What a feature's value looks like, and so how it may be compared."""

    NUMBER = "数字"
    FLAG = "是否"
    DATE = "日期"
    TEXT = "类别"


@dataclass(frozen=True, slots=True)
class FeatureType:
    """The shape of a feature and, of numbers, the unit."""

    shape: Shape
    unit: str = ""

    @property
    def kind(self) -> Kind | None:
        """What its numbers measure; None where it has none."""
        return kind_of(self.unit) if self.shape is Shape.NUMBER else None


Catalogue = Mapping[str, FeatureType]

"""Quantities: an integer in the smallest step, the unit it is written in, and its kind.

Plain Python. This is the only place that converts 元 to 万元, 亩 to 平方米 or % to a share;
features, thresholds of rules, benefits and imported cells all come here. The units are those of
the indicator catalogue (profiles/data/indicators.csv) and those departments write instead.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction

# The step is a ten-thousandth of the smallest unit of a kind, so that a value with four
# decimals is a whole number of steps in every unit.
SCALE = 10_000
LARGEST = 10**30


class QuantityError(ValueError):
    """A number, a unit or a pair of kinds that makes no quantity; the text is a sentence."""


class Kind(StrEnum):
    """What is measured. Only quantities of one kind are compared, added or converted."""

    MONEY = "金额"
    DOLLARS = "外币金额"
    MONTHLY_PAY = "月均金额"
    PEOPLE = "人数"
    COUNT = "个数"
    AREA = "面积"
    VOLUME = "体积"
    MASS = "重量"
    ELECTRICITY = "电量"
    ENERGY = "综合能耗"
    CAPACITY = "容量"
    DURATION = "时长"
    MONTHS = "月数"
    WORKDAYS = "工作日数"
    SHARE = "比例"


# Units by kind, each in the kind's smallest part: 1 亩 is 2,000/3 平方米, exactly.
_UNITS: dict[Kind, dict[str, int]] = {
    Kind.MONEY: {
        "分": 1,
        "元": 100,
        "千元": 10**5,
        "万元": 10**6,
        "百万元": 10**8,
        "亿元": 10**10,
    },
    Kind.DOLLARS: {"美分": 1, "美元": 100, "万美元": 10**6, "亿美元": 10**10},
    Kind.MONTHLY_PAY: {"元/年": 1, "元/月": 12, "万元/年": 10_000},
    Kind.PEOPLE: {"人": 1, "万人": 10_000},
    Kind.COUNT: {"个": 1, "次": 1, "件": 1, "项": 1, "家": 1, "户": 1},
    Kind.AREA: {
        "平方米": 3,
        "万平方米": 30_000,
        "亩": 2000,
        "公顷": 30_000,
        "平方公里": 3 * 10**6,
    },
    Kind.VOLUME: {"立方米": 1, "万立方米": 10_000},
    Kind.MASS: {"千克": 1, "公斤": 1, "吨": 1000, "万吨": 10**7},
    Kind.ELECTRICITY: {
        "千瓦时": 1,
        "度": 1,
        "kWh": 1,
        "万千瓦时": 10_000,
        "万kWh": 10_000,
        "万度": 10_000,
        "亿千瓦时": 10**8,
    },
    Kind.ENERGY: {"吨标准煤": 1, "万吨标准煤": 10_000},
    Kind.CAPACITY: {"千伏安": 1, "兆伏安": 1000},
    Kind.DURATION: {"分钟": 1, "小时": 60, "日": 1440, "天": 1440},
    Kind.MONTHS: {"月": 1, "个月": 1, "年": 12},
    Kind.WORKDAYS: {"工作日": 1, "个工作日": 1},
    Kind.SHARE: {"‰": 1, "%": 10, "": 1000},
}
_KINDS = {unit: kind for kind, units in _UNITS.items() for unit in units}
_WRITTEN = re.compile(r"([+-]?[\d,]*\.?\d+)\s*(.*)", re.S)


def kind_of(unit: str) -> Kind:
    """Return what a unit measures; raises QuantityError for a unit nobody knows."""
    kind = _KINDS.get(unit)
    if kind is None:
        raise QuantityError(f"不认识单位“{unit}”。")
    return kind


def units_of(kind: Kind) -> tuple[str, ...]:
    """Return the units a kind may be written in."""
    return tuple(_UNITS[kind])


def steps_in(unit: str) -> int:
    """Return how many steps one of a unit has."""
    return _UNITS[kind_of(unit)][unit] * SCALE


def factor(written: str, wanted: str) -> Fraction | None:
    """Return what a number in one unit is multiplied by to stand in another, None if unlike."""
    if written == wanted:
        return Fraction(1)
    kind = _KINDS.get(written)
    if kind is None or kind is not _KINDS.get(wanted):
        return None
    return Fraction(_UNITS[kind][written], _UNITS[kind][wanted])


def half_up(value: Fraction | Decimal | int) -> int:
    """Round as officials do (四舍五入), away from zero at exactly one half."""
    exact = Fraction(value)
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return whole if exact >= 0 else -whole


@dataclass(frozen=True, slots=True)
class Quantity:
    """So many steps of a kind; `unit` is how it is written and changes nothing of it."""

    steps: int
    unit: str

    @classmethod
    def of(cls, number: Decimal | int | str, unit: str) -> "Quantity":
        """Return a number in a unit; raises QuantityError for what has no exact place."""
        size = steps_in(unit)
        try:
            value = Decimal(str(number).strip())
        except InvalidOperation:
            raise QuantityError(f"“{number}”不是数字。") from None
        if not value.is_finite() or abs(value) > LARGEST:
            raise QuantityError(f"“{number}”不是能存的数字，或者太大。")
        steps = Fraction(value) * size
        if steps.denominator != 1:
            raise QuantityError(f"“{number}”的小数位太多（{unit or '比例'}）。")
        return cls(int(steps), unit)

    @classmethod
    def parse(cls, text: str) -> "Quantity":
        """Read what people write: 2000 万元, 5%, 1,200.5 千瓦时; raises QuantityError."""
        folded = unicodedata.normalize("NFKC", text).strip()
        found = _WRITTEN.fullmatch(folded)
        if found is None:
            raise QuantityError(f"“{text}”不是数量，请写成“2000 万元”。")
        return cls.of(found[1].replace(",", ""), found[2].strip())

    @classmethod
    def from_e4(cls, number_e4: int, unit: str) -> "Quantity":
        """Return a stored value: ten-thousandths of its unit."""
        return cls(number_e4 * (steps_in(unit) // SCALE), unit)

    @property
    def kind(self) -> Kind:
        """What is measured."""
        return kind_of(self.unit)

    @property
    def exact(self) -> Fraction:
        """The number in its unit, without rounding."""
        return Fraction(self.steps, steps_in(self.unit))

    @property
    def e4(self) -> int:
        """Ten-thousandths of its unit, rounded half up: how the database keeps it."""
        return half_up(self.exact * SCALE)

    @property
    def fen(self) -> int:
        """Whole 分 of an amount of money, rounded half up; raises QuantityError otherwise."""
        self.like(Kind.MONEY)
        return half_up(Fraction(self.steps, SCALE))

    def like(self, kind: Kind) -> None:
        """Raise QuantityError unless the quantity is of a kind."""
        if self.kind is not kind:
            raise QuantityError(f"“{self}”是{self.kind}，这里要{kind}。")

    def to(self, unit: str) -> "Quantity":
        """Return the same quantity written in another unit; raises QuantityError if unlike."""
        self.like(kind_of(unit))
        return Quantity(self.steps, unit)

    def exact_per(self, base: "Quantity") -> Fraction:
        """Return the ratio to a quantity of the same kind that is not zero."""
        return Fraction(self.steps, base.to(self.unit).steps)

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.steps + other.to(self.unit).steps, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.steps - other.to(self.unit).steps, self.unit)

    def __lt__(self, other: "Quantity") -> bool:
        return self.steps < other.to(self.unit).steps

    def __le__(self, other: "Quantity") -> bool:
        return self.steps <= other.to(self.unit).steps

    def __str__(self) -> str:
        number = Decimal(self.e4) / SCALE
        text = f"{number.normalize():,f}".replace("-", "\N{MINUS SIGN}")
        return f"{text}{self.unit}" if self.unit in ("%", "‰") else f"{text} {self.unit}".strip()

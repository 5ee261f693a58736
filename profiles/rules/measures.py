"""What a value measures, and constants written with their unit.

A number is an exact fraction of its kind's smallest step (crm.common.quantity), so that 元 and
万元, % and shares meet without rounding; a day measures nothing.
"""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from crm.common.quantity import Kind, Quantity, QuantityError, kind_of, steps_in

WHOLE = steps_in("")


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind, one kind per another (万元/亩), or a day (no kind at all)."""

    kind: Kind | None
    per: Kind | None = None

    def __str__(self) -> str:
        if self.kind is None:
            return "日期"
        return f"每{self.per}的{self.kind}" if self.per else str(self.kind)


SHARE, COUNT, DAY = Measure(Kind.SHARE), Measure(Kind.COUNT), Measure(None)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number as its author wrote it; `exact` in the smallest steps of its measure."""

    exact: Fraction
    measure: Measure
    text: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day: written out, or the beginning or end of the declared period, or the day of judging."""

    on: date | None
    window: str = ""

    measure = DAY


def measured(unit: str) -> Measure:
    """Return what a unit measures; raises QuantityError for one nobody knows."""
    try:
        return Measure(kind_of(unit))
    except QuantityError:
        top, slash, base = unit.partition("/")
        if not slash:
            raise
        return Measure(kind_of(top.strip()), kind_of(base.strip()))


_PER = re.compile(r"(.+?)/\s*([^/\d]+)")


def constant(raw: object, expected: Measure | None = None) -> Constant:
    """Return a constant; raises QuantityError with a sentence.

    Text carries its unit ("2000 万元", "5%", "150 万元/亩"; without one it is a share). A bare
    whole number counts things; a bare 0 is nothing of whatever it is compared with.
    """
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise QuantityError(f"“{raw}”不是数量，请写成带引号和单位的文字，如“2000 万元”“5%”。")
    if isinstance(raw, int):
        if raw == 0 and expected is not None:
            return Constant(Fraction(0), expected, "0")
        return Constant(Fraction(Quantity.of(raw, "个").steps), COUNT, str(raw))
    try:
        found = Quantity.parse(raw)
        return Constant(Fraction(found.steps), Measure(found.kind), str(found))
    except QuantityError:
        parts = _PER.fullmatch(raw.strip())
        if parts is None:
            raise
    top, base = Quantity.parse(parts[1]), parts[2].strip()
    exact = Fraction(top.steps, steps_in(base))
    return Constant(exact, Measure(top.kind, kind_of(base)), f"{top}/{base}")

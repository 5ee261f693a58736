"""Money: an integer number of 分 in the database, Decimal in formulas, never float.

What a 元 or a 万元 is stands in crm.common.quantity alone.
"""

from decimal import ROUND_HALF_UP, Decimal

from crm.common.quantity import Quantity, half_up, steps_in

_FEN = steps_in("分")


def round_half_up(value: Decimal, places: int = 0) -> Decimal:
    """Round as officials do (四舍五入), away from zero at exactly one half."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _fen(amount: Decimal, unit: str) -> int:
    return half_up(amount * (steps_in(unit) // _FEN))


def _in(fen: int, unit: str) -> Decimal:
    return Decimal(fen) / (steps_in(unit) // _FEN)


def fen_from_yuan(yuan: Decimal) -> int:
    """Return 分 of an amount in 元."""
    return _fen(yuan, "元")


def fen_from_wan(wan: Decimal) -> int:
    """Return 分 of an amount in 万元."""
    return _fen(wan, "万元")


def yuan(fen: int) -> Decimal:
    """Return 元 with two places."""
    return _in(fen, "元")


def wan(fen: int, places: int = 1) -> Decimal:
    """Return 万元 rounded half up to `places`."""
    return round_half_up(_in(fen, "万元"), places)


def yi(fen: int, places: int = 2) -> Decimal:
    """Return 亿元 rounded half up to `places`."""
    return round_half_up(_in(fen, "亿元"), places)


def quantity(fen: int, unit: str = "万元") -> Quantity:
    """Return an amount of the database as a quantity written in a unit."""
    return Quantity(fen * _FEN, unit)


def grouped(value: Decimal) -> str:
    """Return a number with thousands separators and a true minus sign."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")

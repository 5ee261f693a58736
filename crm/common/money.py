"""Money: an integer number of 分 in the database, Decimal in formulas, never float."""

from decimal import ROUND_HALF_UP, Decimal

FEN_PER_YUAN = 100
FEN_PER_WAN = 1_000_000
FEN_PER_YI = 10_000_000_000


def round_half_up(value: Decimal, places: int = 0) -> Decimal:
    """Round as officials do (四舍五入), away from zero at exactly one half."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def fen_from_yuan(yuan: Decimal) -> int:
    """Return 分 of an amount in 元."""
    return int(round_half_up(yuan * FEN_PER_YUAN))


def fen_from_wan(wan: Decimal) -> int:
    """Return 分 of an amount in 万元."""
    return int(round_half_up(wan * FEN_PER_WAN))


def yuan(fen: int) -> Decimal:
    """Return 元 with two places."""
    return Decimal(fen) / FEN_PER_YUAN


def wan(fen: int, places: int = 1) -> Decimal:
    """Return 万元 rounded half up to `places`."""
    return round_half_up(Decimal(fen) / FEN_PER_WAN, places)


def yi(fen: int, places: int = 2) -> Decimal:
    """Return 亿元 rounded half up to `places`."""
    return round_half_up(Decimal(fen) / FEN_PER_YI, places)


def grouped(value: Decimal) -> str:
    """Return a number with thousands separators and a true minus sign."""
    return f"{value:,}".replace("-", "\N{MINUS SIGN}")

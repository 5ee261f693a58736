"""What a cell says: numbers in every notation departments use, dates, yes and no."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from crm.common.quantity import SCALE, half_up
from crm.common.quantity import factor as factor_between
from profiles.enums import ValueType

MISSING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "n/a", "na", "null", "…", "."})
_YES = frozenset({"是", "有", "1", "true", "y", "yes", "√", "已办理"})
_NO = frozenset({"否", "无", "0", "false", "n", "no", "×", "未办理"})
_DATE = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$")
LIMIT = Decimal(10) ** 14


class CellProblem(Exception):
    """The cell cannot be read; the text says what is wrong with it."""


def fold(raw: object) -> str:
    """Return a cell's text with full-width forms, commas of thousands and blanks folded."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw == int(raw):
        raw = int(raw)
    return unicodedata.normalize("NFKC", str(raw)).strip()


def is_missing(raw: object) -> bool:
    """Say whether a cell says nothing: blank, dash, slash. A zero is a number."""
    return fold(raw).lower() in MISSING


def unit_factor(written: str, wanted: str) -> Fraction | None:
    """Return what a number in the unit written is to be multiplied by, or None if unrelated."""
    return factor_between(written, wanted) if written else Fraction(1)


def read_number(raw: object, *, factor: Fraction, whole: bool, decimals: int = 4) -> int:
    """Return a number in ten-thousandths, rounded to its places; raises CellProblem.

    Accepts full-width digits, thousand separators, a leading or accounting minus and a
    percent sign; never guesses.
    """
    if isinstance(raw, bool):
        raise CellProblem("不是数字")
    text = fold(raw).replace(",", "").replace(" ", "").replace("−", "-")
    if re.fullmatch(r"\(.+\)", text):
        text = "-" + text[1:-1]
    percent = text.endswith("%")
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        raise CellProblem(f"“{fold(raw)[:20]}”不是数字") from None
    if not number.is_finite() or abs(number) > LIMIT:
        raise CellProblem(f"“{fold(raw)[:20]}”超出可存范围")
    exact = Fraction(number) * (1 if percent else factor)
    if whole and exact.denominator != 1:
        raise CellProblem(f"“{fold(raw)[:20]}”应为整数")
    step = SCALE // 10**decimals
    return half_up(exact * SCALE / step) * step


def read_date(raw: object) -> str:
    """Return a date in ISO form; raises CellProblem."""
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = fold(raw)
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DATE.match(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        pass
    raise CellProblem(f"“{text[:20]}”不是日期，请写 2024-08-31")


def read_cell(
    raw: object, *, value_type: str, factor: Fraction, decimals: int = 4
) -> tuple[int | None, str]:
    """Return (number in ten-thousandths, text) of a cell; exactly one of them says something.

    Raises CellProblem, also for a text that a spreadsheet would run as a formula.
    """
    text = fold(raw)
    if isinstance(raw, str) and text[:1] in "=+@" and not re.fullmatch(r"[+]?[\d,.]+%?", text):
        raise CellProblem("单元格里是公式，请粘贴为数值")
    if value_type in (ValueType.DECIMAL, ValueType.INT):
        whole = value_type == ValueType.INT
        return read_number(raw, factor=factor, whole=whole, decimals=decimals), ""
    if value_type == ValueType.BOOL:
        if text.lower() in _YES:
            return SCALE, ""
        if text.lower() in _NO:
            return 0, ""
        raise CellProblem(f"“{text[:20]}”应为“是”或“否”")
    if value_type == ValueType.DATE:
        return None, read_date(raw)
    return None, text[:60]

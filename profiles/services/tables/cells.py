"""What a cell says: numbers in every notation departments use, dates, yes and no."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.utils.translation import gettext as _

from crm.common.quantity import SCALE, half_up
from crm.common.quantity import factor as factor_between
from crm.common.records.workbooks import Faulty, Percent
from profiles.enums import ValueType

MISSING = frozenset({"", "-", "--", "—", "——", "/", "\\", "无", "n/a", "na", "null", "…", "."})
NOTHING = "无"
_BLANK = MISSING - {NOTHING}
_YES = frozenset({"是", "有", "1", "true", "y", "yes", "√", "已办理"})
_NO = frozenset({"否", "无", "0", "false", "n", "no", "×", "未办理"})
_DATE = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_DIGITS = r"(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)?(?:\.\d+)?"
_NUMBER = re.compile(rf"([+-]?)({_DIGITS})(%?)")
_WITH_UNIT = re.compile(rf"([+-]?{_DIGITS})\s*([^\d\s.,%+-]\S*)")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
# Excel counts days from here; a number in between is a day of 1950 to 2099.
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_050
_EPOCH = date(1899, 12, 30)
LIMIT = Decimal(10) ** 14
MAX_TEXT = 60


class CellProblem(Exception):
    """The cell cannot be read; the text says what is wrong with it."""


def fold(raw: object) -> str:
    """Return a cell's text with full-width forms, commas of thousands and blanks folded."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw == int(raw):
        raw = int(raw)
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", str(raw))).strip()


def is_missing(raw: object) -> bool:
    """Say whether a cell says nothing: blank, dash, slash. A zero is a number."""
    return fold(raw).lower() in MISSING


def says_nothing(raw: object, value_type: str) -> bool:
    """Say whether a cell holds no value of its column's kind.

    “无” is no day, but it is a “no” and may be a category; whether it is a zero is asked.
    """
    text = fold(raw)
    return (text == NOTHING and value_type == ValueType.DATE) or text.lower() in _BLANK


def unit_factor(written: str, wanted: str) -> Fraction | None:
    """Return what a number in the unit written is to be multiplied by, or None if unrelated."""
    return factor_between(written, wanted) if written else Fraction(1)


def read_number(
    raw: object, *, factor: Fraction, whole: bool, decimals: int = 4, unit: str = ""
) -> int:
    """Return a number in ten-thousandths of the wanted unit, rounded; raises CellProblem.

    Accepts full-width digits, separators of thousands, a leading or accounting minus, a percent
    where shares are wanted, a unit behind the number; never guesses.
    """
    shown = fold(raw)[:20]
    number, own = _exact(raw, unit, shown)
    if abs(number) > LIMIT:
        raise CellProblem(f"“{shown}”超出可存范围")
    exact = number * (factor if own is None else own)
    if whole and exact.denominator != 1:
        raise CellProblem(f"“{shown}”应为整数")
    step = SCALE // 10**decimals
    return half_up(exact * SCALE / step) * step


def _exact(raw: object, unit: str, shown: str) -> tuple[Fraction, Fraction | None]:
    """Return a cell's number and, where it has a unit of its own, what that is multiplied by."""
    if isinstance(raw, Percent):
        return Fraction(Decimal(repr(raw.number))) * 100, _share(unit, shown)
    if isinstance(raw, bool | date):
        raise CellProblem(f"“{shown}”不是数字")
    if isinstance(raw, int | float):
        return _decimal(repr(raw), shown), None
    text = fold(raw).replace("−", "-").replace("'", "").replace("‘", "").replace("’", "")
    if found := re.fullmatch(r"\(([^()+-]+)\)", text):
        text = f"-{found[1]}"
    if found := _NUMBER.fullmatch(text):
        plain = _decimal(found[1] + found[2].replace(",", "").replace(" ", ""), shown)
        return plain, _share(unit, shown) if found[3] else None
    found = _WITH_UNIT.fullmatch(text)
    own = factor_between(found[2], unit) if found and unit else None
    if found and own is not None:
        return _decimal(found[1].replace(",", "").replace(" ", ""), shown), own
    if re.fullmatch(r"[+-]?[\d.]*,[\d.,]*", text):
        raise CellProblem(
            _("“%(text)s”: commas part thousands here, a point the decimals (1,234.56)")
            % {"text": shown}
        )
    raise CellProblem(f"“{shown}”不是数字")


def _decimal(text: str, shown: str) -> Fraction:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CellProblem(f"“{shown}”不是数字") from None
    if not number.is_finite():
        raise CellProblem(f"“{shown}”超出可存范围")
    return Fraction(number)


def _share(unit: str, shown: str) -> Fraction:
    share = factor_between("%", unit) if unit else None
    if share is None:
        raise CellProblem(_("“%(text)s” is a percentage; this column holds none") % {"text": shown})
    return share


def read_date(raw: object) -> str:
    """Return a date in ISO form; raises CellProblem. Accepts a bare serial number of Excel."""
    if isinstance(raw, datetime):
        raw = raw.date()
    text = fold(raw)
    if isinstance(raw, int | float) and _FIRST_SERIAL <= raw <= _LAST_SERIAL:
        raw = date.fromordinal(_EPOCH.toordinal() + int(raw))
    if isinstance(raw, date):
        return _likely(raw, text)
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DATE.match(text)
    try:
        if found:
            return _likely(date(int(found[1]), int(found[2]), int(found[3])), text)
    except ValueError:
        pass
    raise CellProblem(f"“{text[:20]}”不是日期，请写 2024-08-31")


def _likely(day: date, text: str) -> str:
    if not 1900 < day.year < 2100:
        raise CellProblem(f"“{text[:20]}”不是日期，请写 2024-08-31")
    return day.isoformat()


def read_cell(
    raw: object, *, value_type: str, factor: Fraction, decimals: int = 4, unit: str = ""
) -> tuple[int | None, str]:
    """Return (number in ten-thousandths, text) of a cell; exactly one of them says something.

    Raises CellProblem, also for an error of the spreadsheet and for a text that it would run as
    a formula.
    """
    text = fold(raw)
    if isinstance(raw, Faulty):
        raise CellProblem(
            _("the spreadsheet shows the error %(text)s here: mend the formula") % {"text": text}
        )
    if isinstance(raw, str) and text[:1] in "=+@" and not re.fullmatch(r"[+]?[\d,.]+%?", text):
        raise CellProblem("单元格里是公式，请粘贴为数值")
    if value_type in (ValueType.DECIMAL, ValueType.INT):
        whole = value_type == ValueType.INT
        return read_number(raw, factor=factor, whole=whole, decimals=decimals, unit=unit), ""
    if value_type == ValueType.BOOL:
        return _yes_or_no(text), ""
    if value_type == ValueType.DATE:
        return None, read_date(raw)
    if len(text) > MAX_TEXT:
        raise CellProblem(_("the text is longer than %(most)s characters") % {"most": MAX_TEXT})
    return None, text


def _yes_or_no(text: str) -> int:
    if text.lower() in _YES:
        return SCALE
    if text.lower() in _NO:
        return 0
    raise CellProblem(f"“{text[:20]}”应为“是”或“否”")

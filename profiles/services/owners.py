"""Whose row it is: the enterprise by its code, or by its name where a table has no codes."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from crm.models import Enterprise, FormerName
from crm.rules import clean_uscc, uscc_problem
from profiles.enums import ReviewReason
from profiles.services.context import Context
from profiles.services.questions import Asks
from profiles.services.reports import Problem, ReviewRow
from profiles.services.tables.cells import fold
from profiles.services.tables.grid import address

ALIKE = 0.6
_USUAL = re.compile(
    r"湖北省?|天门市?|有限责任公司|股份有限公司|集团有限公司|有限公司|股份公司|公司|[\s()·.,、\-]"
)


def owners_of(context: Context, *, once: bool) -> dict[int, int]:
    """Return the enterprise of each row of data; the others go to the review list.

    With `once`, an enterprise that stands in two rows is a problem. A code whose name is another
    enterprise's is one always; a name that is nobody's and unlike the code's is asked about.
    """
    table = context.table
    codes = {n: _code(context, n) for n in table.data_rows}
    names = {n: fold(table.cell(n, table.name_column)) for n in table.data_rows}
    by_code = _lookup(Enterprise.objects.all(), "uscc", codes.values(), "pk")
    by_name = _named(names.values())
    own_names = _names_of(by_code.values())
    owners: dict[int, int] = {}
    taken: dict[int, int] = {}
    for number, code in codes.items():
        if code is None:
            continue
        found = {by_code[code]} if code in by_code else set()
        if not code:
            found = by_name.get(names[number], set())
        owner = next(iter(found)) if len(found) == 1 else None
        if owner is None:
            _review(context, number, code, names[number])
        elif code and not _name_fits(context, number, owner, names[number], by_name, own_names):
            continue
        elif once and owner in taken:
            text = _("the same enterprise stands in row %(row)s already") % {"row": taken[owner]}
            context.report.problems.append(Problem(_place(context, number), text))
        else:
            taken[owner] = number + 1
            owners[number] = owner
    return owners


def _place(context: Context, number: int) -> str:
    return address(context.sheet, number, context.table.key_column)


def _code(context: Context, number: int) -> str | None:
    """Return a row's code without quotes and blanks; None where Excel made a number of it."""
    raw = context.table.cell(number, context.table.code_column)
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        text = _("Excel turned the credit code into a number and lost digits: format it as text")
        context.report.problems.append(Problem(_place(context, number), text))
        return None
    return clean_uscc(re.sub(r"['\"“”‘’`]", "", fold(raw)))


def _review(context: Context, number: int, code: str, name: str) -> None:
    wrong = bool(code) and uscc_problem(code) is not None
    reason = ReviewReason.WRONG_CODE if wrong else ReviewReason.UNKNOWN
    context.report.review.append(ReviewRow(number + 1, code[:60], name[:120], reason))


def _name_fits(
    context: Context,
    number: int,
    owner: int,
    name: str,
    by_name: dict[str, set[int]],
    own_names: dict[int, list[str]],
) -> bool:
    own = own_names[owner]
    if not name or any(_alike(name, one) for one in own if by_name.get(name, {owner}) >= {owner}):
        return True
    row = {"name": name, "own": own[0], "row": number + 1}
    others = by_name.get(name, set())
    if owner in others:
        return True
    if others:
        text = _("the code is that of “%(own)s”, the name that of another enterprise: “%(name)s”")
        context.report.problems.append(Problem(_place(context, number), text % row))
        return False
    text = (
        _("Row %(row)s has the code of “%(own)s” and the name “%(name)s”. Whose row is it?") % row
    )
    answer = context.inquiry.ask(
        Asks.NAME,
        f"{number}|{name}",
        sheet=context.sheet,
        cell=_place(context, number),
        text=text,
        choices=[
            ("code", _("The code is right: %(own)s") % row),
            ("review", _("To the list of rows to review")),
        ],
    )
    if answer == "review":
        context.report.review.append(ReviewRow(number + 1, "", name[:120], ReviewReason.UNKNOWN))
    return answer == "code"


def _alike(one: str, other: str) -> bool:
    a, b = (_USUAL.sub("", fold(text)) for text in (one, other))
    if not a or not b:
        return fold(one) == fold(other)
    return a in b or b in a or difflib.SequenceMatcher(None, a, b).ratio() >= ALIKE


def _named(names: Iterable[str]) -> dict[str, set[int]]:
    """Return whose names these are, today's and former ones."""
    wanted = sorted({name for name in names if name})
    found: dict[str, set[int]] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        rows = [*Enterprise.objects.filter(name__in=part).values_list("name", "pk")]
        rows += FormerName.objects.filter(name__in=part).values_list("name", "enterprise_id")
        for name, pk in rows:
            found.setdefault(name, set()).add(pk)
    return found


def _names_of(keys: Iterable[int]) -> dict[int, list[str]]:
    wanted = sorted(set(keys))
    found: dict[int, list[str]] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for pk, name in Enterprise.objects.filter(pk__in=part).values_list("pk", "name"):
            found.setdefault(pk, []).append(name)
        former = FormerName.objects.filter(enterprise_id__in=part)
        for pk, name in former.values_list("enterprise_id", "name"):
            found.setdefault(pk, []).append(name)
    return found


def _lookup(rows: Any, column: str, wanted: Iterable[str | None], value: str) -> dict[str, int]:
    keys, found = sorted({key for key in wanted if key}), {}
    for start in range(0, len(keys), 500):
        part = rows.filter(**{f"{column}__in": keys[start : start + 500]})
        found.update(part.values_list(column, value))
    return found

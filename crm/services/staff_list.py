"""A list of names becomes accounts: each wrong row is told with its cell, all or nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from pypinyin import lazy_pinyin

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.enums import STAFF_ROLES, Role
from crm.common.people.models import User
from crm.common.records.searching import normalise
from crm.common.records.workbooks import Grid, read_workbook
from crm.models import Area, Department
from crm.permissions import can_keep_accounts
from crm.rules import forbidden_pair
from crm.services.accounts import AccountInput, open_account

MOST_NAMES = 500
HEAD_WITHIN = 10
# What a column may be called, by what it holds.
HEADS = {
    "name": ("姓名", "名字", "name"),
    "phone": ("手机", "手机号", "手机号码", "电话", "联系电话", "phone", "mobile phone"),
    "roles": ("角色", "岗位", "role", "roles"),
    "unit": ("单位", "部门", "责任单位", "department"),
    "areas": ("片区", "区域", "服务片区", "area", "areas"),
    "title": ("职务", "position"),
    "username": ("登录名", "用户名", "user name"),
}
NEEDED = ("name", "roles", "unit")
PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}")
_BETWEEN = re.compile(r"[、，,;；/\n]+")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """One row that can become an account."""

    row: int
    username: str
    data: AccountInput
    unit: str
    areas: str

    @property
    def roles(self) -> str:
        """The roles in words."""
        return "、".join(str(role.label) for role in self.data.roles)


@dataclass(slots=True)
class StaffList:
    """What a list would do: the accounts it opens, and what is wrong with it."""

    people: list[NewPerson] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class _Wrong(Exception):
    """What is wrong with a row, in a sentence that names the cell."""


def read_names(*, name: str, content: bytes) -> Grid:
    """Return the cells of a list of names as texts; raises FileRefused when it is no table."""
    grid = read_workbook(name=name, content=content, max_bytes=settings.FILE_MAX_BYTES)
    return [[_text(cell) for cell in row] for row in grid]


def check_names(*, actor: Actor, grid: Grid) -> StaffList:
    """Return what a list of names would do, and stores nothing.

    Raises NotAllowedError for everybody but who keeps the accounts, UserFacingError when the
    list has no head or too many rows.
    """
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    head, columns = _head(grid)
    rows = [(n, row) for n, row in enumerate(grid[head + 1 :], head + 2) if any(row)]
    if not rows:
        raise UserFacingError(_("Below the head stands no name."))
    if len(rows) > MOST_NAMES:
        raise UserFacingError(_("%s names at a time are the most: split the list.") % MOST_NAMES)
    reader = _Reader(columns)
    found = StaffList()
    for number, row in rows:
        try:
            found.people.append(reader.read(number, row))
        except _Wrong as wrong:
            found.problems.append(str(wrong))
    return found


@transaction.atomic
def open_accounts(*, actor: Actor, grid: Grid) -> list[User]:
    """Open an account for every name of a list, or for none.

    Raises UserFacingError with what is wrong when a row is not as it must be.
    """
    found = check_names(actor=actor, grid=grid)
    if found.problems:
        raise UserFacingError(" ".join(found.problems[:5]))
    return [open_account(actor=actor, username=one.username, data=one.data) for one in found.people]


def _head(grid: Grid) -> tuple[int, dict[str, int]]:
    """Return where the head stands and which column holds what."""
    best: dict[str, int] = {}
    for place, row in enumerate(grid[:HEAD_WITHIN]):
        known = {
            key: column
            for column, cell in enumerate(row)
            for key, names in HEADS.items()
            if normalise(_text(cell)) in names
        }
        if all(key in known for key in NEEDED):
            return place, known
        best = max(best, known, key=len)
    missing = "、".join(HEADS[key][0] for key in NEEDED if key not in best)
    raise UserFacingError(
        _("The head of the list has no column %(missing)s. It needs 姓名, 角色 and 单位.")
        % {"missing": missing}
    )


def _text(cell: Any) -> str:
    """Return a cell as people read it: a phone number that Excel made a number is one again."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()


def _split(text: str) -> list[str]:
    return [part for part in (one.strip() for one in _BETWEEN.split(text)) if part]


class _Reader:
    """Reads rows against the catalogues and the accounts there are, each asked for once."""

    def __init__(self, columns: dict[str, int]) -> None:
        self._columns = columns
        self._units = _by_names(Department.objects.all(), _unit_names)
        self._areas = _by_names(Area.objects.all(), lambda area: [area.code, area.name])
        self._roles = {str(word): role for role in STAFF_ROLES for word in (role, role.label)}
        rows = User.objects.values_list("username", "phone", "display_name")
        self._taken = {username.lower() for username, _phone, _name in rows}
        self._phones = {_digits(phone): name for _user, phone, name in rows if phone}

    def read(self, number: int, row: list[Any]) -> NewPerson:
        """Return what a row says; raises _Wrong with the cell that is not as it must be."""
        cells = {key: row[at] if at < len(row) else "" for key, at in self._columns.items()}
        name = cells["name"]
        if not name or len(name) > 40:
            raise self._wrong(number, "name", _("a name of 1 to 40 characters is needed"))
        roles = self._read_roles(number, cells["roles"])
        unit = self._one(number, "unit", cells["unit"], self._units, _("no such department"))
        wanted = _split(cells.get("areas", ""))
        areas = [
            self._one(number, "areas", text, self._areas, _("no such area"))
            for text in wanted
            if text not in ("全市", "all")
        ]
        data = AccountInput(
            display_name=name,
            roles=roles,
            department_id=unit.pk,
            title=cells.get("title", "")[:40],
            phone=self._read_phone(number, cells.get("phone", ""), name),
            area_ids=tuple(area.pk for area in areas),
        )
        username = self._username(number, cells.get("username", ""), name)
        return NewPerson(number, username, data, unit.short_name, "、".join(a.name for a in areas))

    def _wrong(self, number: int, key: str, what: str) -> _Wrong:
        at = f"{get_column_letter(self._columns[key] + 1)}{number}"
        return _Wrong(_("%(cell)s: %(what)s.") % {"cell": at, "what": what})

    def _read_roles(self, number: int, text: str) -> tuple[Role, ...]:
        roles = []
        for word in _split(text):
            if word not in self._roles:
                known = "、".join(str(role.label) for role in Role if role in STAFF_ROLES)
                what = _("“%(word)s” is no role; write some of %(known)s")
                raise self._wrong(number, "roles", what % {"word": word, "known": known})
            roles.append(self._roles[word])
        if not roles:
            raise self._wrong(number, "roles", _("at least one role is needed"))
        if pair := forbidden_pair(roles):
            what = _("one person cannot be both %(one)s and %(other)s")
            words = {"one": pair[0].label, "other": pair[1].label}
            raise self._wrong(number, "roles", what % words)
        return tuple(dict.fromkeys(roles))

    def _read_phone(self, number: int, text: str, name: str) -> str:
        if not text:
            return ""
        if not PHONE.fullmatch(text):
            raise self._wrong(number, "phone", _("“%s” is no phone number") % text[:20])
        if holder := self._phones.get(_digits(text)):
            what = _("the number belongs to %(name)s, who has an account or stands above")
            raise self._wrong(number, "phone", what % {"name": holder})
        self._phones[_digits(text)] = name
        return text

    def _one(self, number: int, key: str, text: str, known: dict[str, Any], none: str) -> Any:
        rows = known.get(text, {})
        if len(rows) != 1:
            many = _("“%s” is the name of several; write the code") if rows else ""
            raise self._wrong(number, key, many % text if many else f"{none}: “{text[:30]}”")
        return next(iter(rows.values()))

    def _username(self, number: int, text: str, name: str) -> str:
        wanted = text.lower()
        if wanted:
            if not re.fullmatch(r"[a-z0-9._-]{2,40}", wanted):
                what = _("a user name consists of letters and digits, such as zhoumin")
                raise self._wrong(number, "username", what)
            if wanted in self._taken:
                raise self._wrong(number, "username", _("“%s” is in use") % wanted)
        else:
            wanted = self._free(name)
        self._taken.add(wanted)
        return wanted

    def _free(self, name: str) -> str:
        """Return the name in pinyin, with a number where somebody has it already."""
        letters = "".join(re.findall(r"[a-z0-9]", "".join(lazy_pinyin(normalise(name)))))[:30]
        stem, count = letters or "staff", 1
        wanted = stem
        while wanted in self._taken:
            count += 1
            wanted = f"{stem}{count}"
        return wanted


def _by_names(rows: Any, names: Callable[[Any], list[str]]) -> dict[str, dict[int, Any]]:
    found: dict[str, dict[int, Any]] = {}
    for row in rows:
        for name in names(row):
            found.setdefault(name, {})[row.pk] = row
    return found


def _unit_names(unit: Department) -> list[str]:
    return [unit.code, unit.name, unit.short_name, *unit.aliases]


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)

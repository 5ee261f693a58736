"""Credit codes by GB 32100-2015 and GB 11714, masks, and roles that exclude each other."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from crm.common.people.enums import Role

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_PATTERN = r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_WEIGHTS = [pow(3, position, 31) for position in range(17)]
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def clean_uscc(raw: str) -> str:
    """Fold full-width characters, white space and case as people type them."""
    return "".join(unicodedata.normalize("NFKC", raw).upper().split())


def uscc_check_character(first17: str) -> str:
    """Return the 18th character of a code, by the weights of GB 32100-2015."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def uscc_problem(code: str) -> str | None:
    """Return why a cleaned code is not valid: "length", "character", "area", "check"; or None."""
    if len(code) != 18:
        return "length"
    if any(character not in ALPHABET for character in code):
        return "character"
    if not code[2:8].isdigit():
        return "area"
    return None if uscc_check_character(code[:17]) == code[17] else "check"


def inner_code_fits(code: str) -> bool:
    """Say whether characters 9 to 17 satisfy GB 11714; individual businesses may not: warn only."""
    body, check = code[8:16], code[16]
    total = sum(int(c, 36) * w for c, w in zip(body, _INNER_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return check == {10: "X", 11: "0"}.get(rest, str(rest))


def complete_uscc(first8: str, body8: str) -> str:
    """Return a full code from its first eight characters and the body of its entity part."""
    total = sum(int(c, 36) * w for c, w in zip(body8, _INNER_WEIGHTS, strict=True))
    rest = 11 - total % 11
    seventeen = first8 + body8 + {10: "X", 11: "0"}.get(rest, str(rest))
    return seventeen + uscc_check_character(seventeen)


# Full numbers one person may look at in a day: enough for a day of calls, too few for a list.
REVEALS_A_DAY = 30


def masked_phone(phone: str) -> str:
    """Return a phone number with only its last four digits: **** 8217."""
    return f"**** {phone[-4:]}" if len(phone) >= 7 else "****" if phone else ""


def masked_uscc(code: str) -> str:
    """Return a credit code with its middle hidden: 91429006MA4K****7T."""
    return f"{code[:12]}****{code[-2:]}"


# Who prepares never pays, and who pays never audits (内部控制: 不相容岗位相互分离).
FORBIDDEN_PAIRS = (
    (Role.FINANCE, Role.AUDITOR),
    (Role.FINANCE, Role.POLICY_EDITOR),
    (Role.AUDITOR, Role.ADMIN),
)


def forbidden_pair(roles: Iterable[Role]) -> tuple[Role, Role] | None:
    """Return the first pair of roles that one person may not hold together, or None."""
    held = set(roles)
    return next((pair for pair in FORBIDDEN_PAIRS if held.issuperset(pair)), None)


# What a visit usually asks; what is answered is kept with the words it was asked in.
USUAL_QUESTIONS = (
    ("orders", _("How are orders and production?")),
    ("workers", _("Are there enough workers, power, water, gas, transport?")),
    ("funds", _("Is there trouble with loans or payments?")),
    ("papers", _("Is an approval or a policy stuck?")),
    ("plans", _("What is planned next?")),
)

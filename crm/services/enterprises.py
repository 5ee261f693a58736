"""Register, update and rename enterprises."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.records import audit
from crm.common.records.once import only_once
from crm.common.records.searching import search_columns
from crm.common.records.versioning import update_versioned
from crm.enums import EnterpriseType, RegistrationStatus
from crm.models import Enterprise, FormerName
from crm.permissions import can_edit_enterprise, can_register_enterprise
from crm.rules import clean_uscc, uscc_problem
from crm.services.register import enter_changes, enter_new


@dataclass(frozen=True, slots=True)
class EnterpriseInput:
    """What is known of an enterprise when it is registered; capital is in 分."""

    uscc: str
    name: str
    area_id: int
    industry_id: int | None = None
    legal_representative: str = ""
    enterprise_type: str = EnterpriseType.LIMITED
    registered_capital_fen: int | None = None
    established_on: date | None = None
    address: str = ""
    status: str = RegistrationStatus.ACTIVE


def uscc_sentence(code: str) -> str | None:
    """Return the sentence that says what is wrong with a credit code, or None."""
    sentences = {
        "length": _("The credit code %(code)s has %(length)s characters; it needs 18."),
        "character": _(
            "The credit code %(code)s has a letter that is never used: I, O, S, V or Z."
        ),
        "area": _("Places 3 to 8 of the credit code %(code)s must be the digits of an area."),
        "check": _("The last character of %(code)s does not fit: one character is mistyped."),
    }
    problem = uscc_problem(code)
    return sentences[problem] % {"code": code, "length": len(code)} if problem else None


def _checked(data: EnterpriseInput) -> EnterpriseInput:
    code, name = clean_uscc(data.uscc), " ".join(data.name.split())
    if sentence := uscc_sentence(code):
        raise UserFacingError(sentence)
    if not name:
        raise UserFacingError(_("The enterprise needs a name."))
    return EnterpriseInput(**{**asdict(data), "uscc": code, "name": name})


def _row(data: EnterpriseInput, actor: Actor, at: datetime) -> Enterprise:
    return Enterprise(
        **asdict(data),
        created_by_id=actor.user_id,
        created_at=at,
        updated_at=at,
        **search_columns(data.name, data.uscc),
    )


def _known_one(codes: list[str]) -> Enterprise | None:
    parts = (codes[start : start + 500] for start in range(0, len(codes), 500))
    found = (Enterprise.objects.filter(uscc__in=part).first() for part in parts)
    return next(filter(None, found), None)


def _known(codes: list[str]) -> UserFacingError:
    """Return the sentence that names the enterprise which has one of the codes."""
    row = _known_one(codes)
    told = {"code": row.uscc, "name": row.name} if row else {"code": codes[0], "name": "—"}
    return UserFacingError(_("%(code)s is already known: %(name)s.") % told)


def _refuse_known(codes: list[str]) -> None:
    if _known_one(codes) is not None:
        raise _known(codes)


@transaction.atomic
def register_enterprise(*, actor: Actor, data: EnterpriseInput, at: datetime) -> Enterprise:
    """Enter one enterprise.

    Raises UserFacingError for a wrong or known credit code (naming the one that has it), and
    NotAllowedError outside the actor's areas.
    """
    data = _checked(data)
    if not can_register_enterprise(actor, data.area_id):
        raise NotAllowedError(_("You may enter enterprises in your own areas only."))
    _refuse_known([data.uscc])
    row = _row(data, actor, at)
    with only_once(lambda: _known([data.uscc])):
        row.save(force_insert=True)
    enter_new(actor=actor, enterprises=[row], at=at)
    audit.record("enterprise.register", actor=actor, target=row, after=asdict(data))
    return row


@transaction.atomic
def register_enterprises(
    *, actor: Actor, rows: Iterable[EnterpriseInput], at: datetime
) -> list[Enterprise]:
    """Enter many enterprises at once (a register hand-over); all or none.

    Raises UserFacingError naming the first row that is wrong, repeated or already known.
    """
    checked = [_checked(row) for row in rows]
    codes = [row.uscc for row in checked]
    if len(set(codes)) < len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise UserFacingError(_("%(code)s stands in the list twice.") % {"code": twice})
    _refuse_known(codes)
    with only_once(lambda: _known(codes)):
        made = Enterprise.objects.bulk_create([_row(r, actor, at) for r in checked], batch_size=500)
    enter_new(actor=actor, enterprises=made, at=at)
    audit.record_many("enterprise.register", actor=actor, targets=list(made))
    return made


@transaction.atomic
def update_enterprise(
    *,
    actor: Actor,
    enterprise: Enterprise,
    values: Mapping[str, Any],
    version: int,
    at: datetime,
) -> Enterprise:
    """Store changed master data; the credit code and the name are not changed here.

    Raises ConflictError when somebody saved in between, NotAllowedError for strangers.
    """
    if not can_edit_enterprise(actor, enterprise):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    area = values.get("area")
    if area is not None and not can_register_enterprise(actor, area.pk):
        raise NotAllowedError(_("You may move an enterprise within your own areas only."))
    changed = update_versioned(enterprise, values=values, expected=version, at=at)
    enter_changes(actor=actor, enterprise=enterprise, names=changed, at=at)
    audit.record(
        "enterprise.update",
        actor=actor,
        target=enterprise,
        before={name: pair[0] for name, pair in changed.items()},
        after={name: pair[1] for name, pair in changed.items()},
    )
    return enterprise


@transaction.atomic
def rename_enterprise(
    *, actor: Actor, enterprise: Enterprise, name: str, version: int, at: datetime
) -> Enterprise:
    """Give an enterprise its new name; it is still found and imported under the old one."""
    name, old = " ".join(name.split()), enterprise.name
    if not name or name == old:
        raise UserFacingError(_("Enter a name that differs from the one it bears."))
    if not can_edit_enterprise(actor, enterprise):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    FormerName.objects.get_or_create(enterprise=enterprise, name=old, defaults={"until": at.date()})
    former = enterprise.former_names.values_list("name", flat=True)
    merged = enterprise.merges.filter(undone_at=None).values_list("duplicate__uscc", flat=True)
    columns = search_columns(name, enterprise.uscc, *former, *merged)
    update_versioned(enterprise, values={"name": name, **columns}, expected=version, at=at)
    enter_changes(actor=actor, enterprise=enterprise, names=["name"], at=at)
    audit.record(
        "enterprise.rename",
        actor=actor,
        target=enterprise,
        before={"name": old},
        after={"name": name},
    )
    return enterprise

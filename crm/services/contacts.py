"""Contacts and memberships."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from crm.common.days.clock import day_start, local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.once import only_once
from crm.common.records.versioning import update_versioned
from crm.enums import RevealPurpose
from crm.models import Contact, Enterprise, Membership, PhoneReveal
from crm.permissions import can_edit_enterprise, can_reveal_phone
from crm.rules import REVEALS_A_DAY


@transaction.atomic
def add_contact(
    *,
    actor: Actor,
    enterprise: Enterprise,
    name: str,
    phone: str,
    at: datetime,
    title: str = "",
    email: str = "",
    is_primary: bool = False,
) -> Contact:
    """Add a person to call; a new first contact takes the place of the old one."""
    if not can_edit_enterprise(actor, enterprise):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    if not name.strip():
        raise UserFacingError(_("The contact needs a name."))
    # Two first contacts at once: the later one takes the place of the earlier.
    Enterprise.objects.select_for_update(no_key=True).get(pk=enterprise.pk)
    if is_primary:
        _take_first_place(enterprise.contacts.all(), at)
    contact = Contact.objects.create(
        enterprise=enterprise,
        name=name.strip(),
        phone=phone,
        title=title,
        email=email,
        is_primary=is_primary,
        created_at=at,
        updated_at=at,
    )
    after = {"enterprise": enterprise.pk, "name": name, "phone": phone, "title": title}
    audit.record("contact.add", actor=actor, target=contact, after=after)
    return contact


@transaction.atomic
def update_contact(
    *,
    actor: Actor,
    contact: Contact,
    name: str,
    phone: str,
    version: int,
    at: datetime,
    title: str = "",
    email: str = "",
    is_primary: bool = False,
) -> Contact:
    """Change a person to call; a new first contact takes the place of the old one.

    Raises ConflictError when somebody saved in between, NotAllowedError for strangers.
    """
    if not can_edit_enterprise(actor, contact.enterprise):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    if not name.strip():
        raise UserFacingError(_("The contact needs a name."))
    values: dict[str, Any] = {"name": name.strip(), "phone": phone, "title": title, "email": email}
    values |= {"is_primary": is_primary}
    Enterprise.objects.select_for_update(no_key=True).get(pk=contact.enterprise_id)
    if is_primary:
        _take_first_place(contact.enterprise.contacts.exclude(pk=contact.pk), at)
    changed = update_versioned(contact, values=values, expected=version, at=at)
    audit.record(
        "contact.update",
        actor=actor,
        target=contact,
        before={name: pair[0] for name, pair in changed.items()},
        after={name: pair[1] for name, pair in changed.items()},
    )
    return contact


def _take_first_place(others: QuerySet[Contact], at: datetime) -> None:
    firsts = others.filter(is_primary=True)
    firsts.update(is_primary=False, updated_at=at, version=F("version") + 1)


@transaction.atomic
def reveal_phone(
    *, actor: Actor, contact: Contact, purpose: str, at: datetime, case_number: str = ""
) -> str:
    """Return a contact's full number; the look is written down with its purpose and counted.

    Raises NotAllowedError for whoever does not work with the enterprise, and UserFacingError
    without a purpose, for an auditor without a case number, and beyond the day's number.
    """
    if actor.user_id is None or not can_reveal_phone(actor, contact.enterprise):
        raise NotAllowedError(_("Only those who work with the enterprise may see the number."))
    examines = not actor.has(Role.AGENT, Role.LEAD, Role.HANDLER)
    purpose = RevealPurpose.AUDIT if examines else purpose
    if purpose not in RevealPurpose.values:
        raise UserFacingError(_("Say what you need the number for."))
    if examines and not case_number.strip():
        raise UserFacingError(_("Enter the number of the case you examine."))
    # Two looks at once are counted one after the other.
    user = User.objects.select_for_update().get(pk=actor.user_id)
    looks = PhoneReveal.objects.filter(user=user, revealed_at__gte=day_start(local_date(at)))
    if not examines and looks.count() >= REVEALS_A_DAY:
        raise UserFacingError(
            _("You have looked at %(n)s numbers today; more are shown tomorrow.")
            % {"n": REVEALS_A_DAY}
        )
    PhoneReveal.objects.create(
        contact=contact,
        user=user,
        revealed_at=at,
        purpose=purpose,
        case_number=case_number.strip(),
    )
    after = {"purpose": purpose, "case": case_number.strip()}
    audit.record("contact.reveal_phone", actor=actor, target=contact, after=after)
    return contact.phone


@transaction.atomic
def add_membership(
    *, actor: Actor, enterprise: Enterprise, user: User, role: str, since: date
) -> Membership:
    """Let a user act for an enterprise on the portal."""
    if not can_edit_enterprise(actor, enterprise):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    with only_once(lambda: UserFacingError(_("%s acts for this enterprise already.") % user)):
        row = Membership.objects.create(enterprise=enterprise, user=user, role=role, since=since)
    audit.record(
        "membership.add",
        actor=actor,
        target=row,
        after={"user": user.pk, "enterprise": enterprise.pk},
    )
    return row

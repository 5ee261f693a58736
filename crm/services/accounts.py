"""Accounts of the city's staff: opened, changed, closed when somebody leaves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.enums import STAFF_ROLES, Role
from crm.common.people.models import Absence, RoleGrant, User
from crm.common.records import audit
from crm.common.records.once import only_once
from crm.common.records.versioning import refuse_stale
from crm.common.services import create_user
from crm.common.slots.handover import piles
from crm.models import StaffProfile
from crm.permissions import can_keep_accounts
from crm.rules import forbidden_pair
from crm.selectors import areas_served_alone


@dataclass(frozen=True, slots=True)
class AccountInput:
    """What an account says: who, in which roles, of which department, for which areas."""

    display_name: str
    roles: tuple[Role, ...]
    department_id: int
    title: str = ""
    phone: str = ""
    email: str = ""
    area_ids: tuple[int, ...] = ()


def _checked(actor: Actor, data: AccountInput) -> None:
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    if not data.display_name.strip():
        raise UserFacingError(_("The account needs the person's name."))
    if not data.roles or not STAFF_ROLES.issuperset(data.roles):
        raise UserFacingError(_("Give the person at least one role of the staff."))
    if pair := forbidden_pair(data.roles):
        raise UserFacingError(
            _("One person cannot be both %(one)s and %(other)s: one examines the other.")
            % {"one": pair[0].label, "other": pair[1].label}
        )


def _in_use(name: str) -> UserFacingError:
    return UserFacingError(_("The user name “%s” is in use. Take another one.") % name)


@transaction.atomic
def open_account(*, actor: Actor, username: str, data: AccountInput) -> User:
    """Open an account without a password: the person sets one through `password_link`.

    Raises UserFacingError for a user name in use, no role, or a forbidden pair of roles.
    """
    _checked(actor, data)
    name = username.strip().lower()
    if not name or not name.isascii():
        raise UserFacingError(_("The user name consists of letters and digits, such as zhoumin."))
    if User.objects.filter(username__iexact=name).exists():
        raise _in_use(name)
    with only_once(lambda: _in_use(name)):
        user = create_user(
            actor=actor,
            username=name,
            display_name=data.display_name.strip(),
            password=None,
            roles=list(data.roles),
            email=data.email,
            phone=data.phone,
        )
    _place(user, data)
    return user


def _place(user: User, data: AccountInput) -> None:
    profile, _new = StaffProfile.objects.update_or_create(
        user=user, defaults={"department_id": data.department_id, "title": data.title}
    )
    profile.areas.set(data.area_ids)


@transaction.atomic
def update_account(
    *, actor: Actor, user: User, data: AccountInput, version: int | None = None
) -> User:
    """Store a person's changed name, roles, department and areas; the audit keeps both.

    `version` is the one a form was opened on. Raises ConflictError when somebody saved in
    between, UserFacingError when the last administrator would lose the role.
    """
    _checked(actor, data)
    _hold_administrators()
    locked = User.objects.select_for_update().get(pk=user.pk)
    if version is not None:
        refuse_stale(locked, values={}, expected=version)
    before = {"roles": sorted(locked.role_grants.values_list("role", flat=True))}
    if Role.ADMIN not in data.roles:
        _keep_an_administrator(locked)
    locked.display_name, locked.phone = data.display_name.strip(), data.phone
    locked.email, locked.version = data.email, locked.version + 1
    locked.save(update_fields=["display_name", "phone", "email", "version"])
    locked.role_grants.exclude(role__in=data.roles).delete()
    held = set(locked.role_grants.values_list("role", flat=True))
    RoleGrant.objects.bulk_create(
        RoleGrant(user=locked, role=role) for role in data.roles if role not in held
    )
    _place(locked, data)
    after = {
        "roles": sorted(data.roles),
        "department": data.department_id,
        "areas": sorted(data.area_ids),
    }
    audit.record("user.update", actor=actor, target=locked, before=before, after=after)
    return locked


def account_of(user: User) -> AccountInput:
    """Return what an account says now, to be changed in one place and stored again."""
    profile = user.staff_profile  # type: ignore[attr-defined]
    return AccountInput(
        display_name=user.display_name,
        roles=tuple(Role(grant.role) for grant in user.role_grants.all()),
        department_id=profile.department_id,
        title=profile.title,
        phone=user.phone,
        email=user.email,
        area_ids=tuple(area.pk for area in profile.areas.all()),
    )


@transaction.atomic
def change_role(*, actor: Actor, user: User, role: Role, give: bool) -> User:
    """Give a person a role, or take it away; raises UserFacingError where one may not."""
    now = account_of(user)
    kept = tuple(one for one in now.roles if one != role)
    data = replace(now, roles=(*kept, role) if give else kept)
    return update_account(actor=actor, user=user, data=data)


@transaction.atomic
def change_area(*, actor: Actor, user: User, area_id: int, give: bool) -> User:
    """Let a person serve an area as well, or no longer."""
    now = account_of(user)
    kept = tuple(one for one in now.area_ids if one != area_id)
    data = replace(now, area_ids=(*kept, area_id) if give else kept)
    return update_account(actor=actor, user=user, data=data)


@transaction.atomic
def hand_over_areas(*, actor: Actor, leaving: User, taking: User) -> int:
    """Let somebody serve the areas that only a person who leaves served; return how many."""
    areas = areas_served_alone(leaving)
    now = account_of(taking)
    if not {Role.AGENT, Role.LEAD}.intersection(now.roles):
        raise UserFacingError(
            _("%s is neither agent nor team lead and serves no areas: choose another.") % taking
        )
    served = tuple(dict.fromkeys((*now.area_ids, *(area.pk for area in areas))))
    update_account(actor=actor, user=taking, data=replace(now, area_ids=served))
    return len(areas)


@transaction.atomic
def demand_second_step(*, actor: Actor, user: User, due: bool) -> User:
    """Say whether a person must have a second step, whatever the role asks."""
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    User.objects.filter(pk=user.pk).update(second_step_due=due)
    audit.record("user.second_step_due", actor=actor, target=user, after={"due": due})
    return user


def _hold_administrators() -> None:
    """Lock all administrators, so that two who remove each other do so one after the other."""
    rows = User.objects.filter(role_grants__role=Role.ADMIN).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def _keep_an_administrator(user: User) -> None:
    others = User.objects.filter(is_active=True, role_grants__role=Role.ADMIN).exclude(pk=user.pk)
    is_one = user.is_active and user.role_grants.filter(role=Role.ADMIN).exists()
    if is_one and not others.exists():
        raise UserFacingError(_("This is the last administrator: name another one first."))


@transaction.atomic
def close_account(
    *,
    actor: Actor,
    user: User,
    reason: str,
    at: datetime,
    taking: Mapping[str, User] | None = None,
) -> dict[str, int]:
    """Hand over what a person has in hand, by kind, and close the account; what was done stays.

    Returns how much was handed over, by kind. Raises UserFacingError without a reason, for the
    last administrator, and while a kind of open work has nobody to take it.
    """
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    if not reason.strip():
        raise UserFacingError(_("Say why the account is closed."))
    _hold_administrators()
    locked = User.objects.select_for_update().get(pk=user.pk)
    _keep_an_administrator(locked)
    receivers = taking or {}
    moved = {}
    for pile in piles():
        count = pile.count(locked)
        if not count:
            continue
        receiver = receivers.get(pile.key)
        if receiver is None or receiver.pk == locked.pk or not receiver.is_active:
            raise UserFacingError(
                _("%(kind)s: %(count)s. Choose who takes them over.")
                % {"kind": pile.label, "count": count}
            )
        moved[pile.key] = pile.move(actor, locked, receiver, at)
    Absence.objects.filter(user=locked, ended_at=None).update(ended_at=at)
    locked.is_active = False
    locked.save(update_fields=["is_active"])
    end_sessions(actor=actor, user=locked)
    audit.record("user.close", actor=actor, target=locked, after=moved, note=reason.strip())
    return moved


@transaction.atomic
def reopen_account(*, actor: Actor, user: User) -> User:
    """Open a closed account again; the work that was handed over stays where it went."""
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.is_active = True
    locked.save(update_fields=["is_active"])
    audit.record("user.reopen", actor=actor, target=locked)
    return locked


@transaction.atomic
def password_link(*, actor: Actor, user: User) -> str:
    """Return the path on which a person sets a new password, once; making it is audited."""
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    audit.record("user.password_link", actor=actor, target=user)
    kwargs = {"uidb36": user_pk_to_url_str(user), "key": key}
    return reverse("account_reset_password_from_key", kwargs=kwargs)


@transaction.atomic
def reset_second_step(*, actor: Actor, user: User) -> int:
    """Take away a person's second step (a lost phone); it is set up anew at the next sign-in."""
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    count, _kinds = Authenticator.objects.filter(user=user).delete()
    audit.record("user.reset_second_step", actor=actor, target=user)
    return count


@transaction.atomic
def end_sessions(*, actor: Actor, user: User) -> int:
    """Sign a person out everywhere."""
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))
    rows: Iterable[UserSession] = UserSession.objects.filter(user=user)
    ended = 0
    for row in rows:
        row.end()
        ended += 1
    audit.record("user.end_sessions", actor=actor, target=user, after={"sessions": ended})
    return ended

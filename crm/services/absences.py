"""Absences: days on which somebody is away, and who hears and sees what is theirs meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.days.clock import local_date
from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.people.models import Absence, AbsenceQuerySet, User
from crm.common.records import audit
from crm.permissions import can_keep_accounts


@dataclass(frozen=True, slots=True)
class AbsenceInput:
    """Who is away, from which day to which, why, and who stands in."""

    deputy: User
    since: date
    until: date
    reason: str


@transaction.atomic
def enter_absence(*, actor: Actor, user: User, data: AbsenceInput, at: datetime) -> Absence:
    """Enter the days on which a person is away; limits run on, the deputy hears and sees.

    Raises UserFacingError for days that are over or the wrong way round, for a second absence
    on the same days, and for a deputy who could not do what is told: away as well, in another
    role, or of another department.
    """
    _keeper(actor)
    people = User.objects.select_for_update().filter(pk__in=(user.pk, data.deputy.pk))
    held = {one.pk: one for one in people.order_by("pk")}
    person, deputy = held[user.pk], held[data.deputy.pk]
    _check_days(data, local_date(at))
    _check_deputy(person, deputy)
    _check_overlap(person, deputy, data)
    row = Absence.objects.create(
        user=person,
        deputy=deputy,
        since=data.since,
        until=data.until,
        reason=data.reason.strip()[:80],
        entered_by_id=actor.user_id,
        entered_at=at,
    )
    days = {"since": str(data.since), "until": str(data.until), "deputy": deputy.pk}
    audit.record("user.absence", actor=actor, target=person, after=days, note=row.reason)
    return row


@transaction.atomic
def end_absence(*, actor: Actor, absence: Absence, at: datetime) -> Absence:
    """End an absence before its last day: the person is back, or does not go."""
    _keeper(actor)
    locked = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    if locked.ended_at is not None or locked.until < local_date(at):
        raise UserFacingError(_("This absence is over."))
    locked.ended_at = at
    locked.save(update_fields=["ended_at"])
    audit.record("user.absence_end", actor=actor, target=locked.user)
    return locked


def hand_over_standing_in(*, actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    """Let somebody else stand in where a person who leaves would have; return for how many.

    Raises UserFacingError where the receiver could not do what is told.
    """
    moved = 0
    for row in standing_in(leaving, local_date(at)).select_related("user"):
        if row.user_id == taking.pk:
            raise UserFacingError(
                _("%(name)s is away then: somebody else must stand in.") % {"name": taking}
            )
        _check_deputy(row.user, taking)
        rest = AbsenceInput(taking, row.since, row.until, row.reason)
        _check_overlap(row.user, taking, rest, besides=row)
        row.deputy = taking
        row.save(update_fields=["deputy"])
        after = {"deputy": taking.pk, "before": leaving.pk}
        audit.record("user.absence", actor=actor, target=row.user, after=after)
        moved += 1
    return moved


def standing_in(user: User, day: date) -> AbsenceQuerySet:
    """Return the absences, of today and to come, in which a person stands in."""
    return Absence.objects.filter(deputy=user, ended_at=None, until__gte=day)


def _keeper(actor: Actor) -> None:
    if not can_keep_accounts(actor):
        raise NotAllowedError(_("Administrators keep the accounts."))


def _check_days(data: AbsenceInput, today: date) -> None:
    if data.until < data.since:
        raise UserFacingError(_("The last day lies before the first: exchange them."))
    if data.until < today:
        raise UserFacingError(_("These days are over: an absence is entered before it ends."))
    if not data.reason.strip():
        raise UserFacingError(_("Say why the person is away."))


def _check_deputy(person: User, deputy: User) -> None:
    if not deputy.is_active or deputy.pk == person.pk:
        raise UserFacingError(_("Choose somebody else who is in office as the deputy."))
    held = _roles(deputy)
    if missing := [role for role in _roles(person) if role not in held]:
        raise UserFacingError(
            _("%(deputy)s is no %(role)s and could not do what is told. Choose another deputy.")
            % {"deputy": deputy, "role": Role(missing[0]).label}
        )
    # What a department may not see, and what it is accused of, stays hidden from it.
    if not _same_unit(person, deputy):
        raise UserFacingError(
            _("%s works in another department: a deputy is a colleague.") % deputy
        )


def _roles(user: User) -> list[str]:
    return list(user.role_grants.order_by("role").values_list("role", flat=True))


def _same_unit(one: User, other: User) -> bool:
    paths = [_path(one), _path(other)]
    return all(paths) and (paths[0].startswith(paths[1]) or paths[1].startswith(paths[0]))


def _path(user: User) -> str:
    profile = getattr(user, "staff_profile", None)
    return profile.department.path if profile else ""


def _check_overlap(
    person: User, deputy: User, data: AbsenceInput, besides: Absence | None = None
) -> None:
    """Refuse two absences of one person on a day, and a deputy who is away as well."""
    rows = Absence.objects.filter(ended_at=None, since__lte=data.until, until__gte=data.since)
    rows = rows.exclude(pk=besides.pk) if besides else rows
    if clash := rows.filter(user=person).first():
        raise UserFacingError(
            _("An absence from %(since)s to %(until)s is entered already: end it first.")
            % {"since": clash.since.isoformat(), "until": clash.until.isoformat()}
        )
    if clash := rows.filter(user=deputy).first():
        raise UserFacingError(
            _("%(name)s is away from %(since)s to %(until)s: choose another deputy.")
            % {"name": deputy, "since": clash.since.isoformat(), "until": clash.until.isoformat()}
        )
    if clash := rows.filter(deputy=person).select_related("user").first():
        raise UserFacingError(
            _("%(name)s counts on this person from %(since)s to %(until)s: name another first.")
            % {
                "name": clash.user,
                "since": clash.since.isoformat(),
                "until": clash.until.isoformat(),
            }
        )

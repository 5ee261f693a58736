"""六个一: who answers for a project, with periods."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.transitions import lock
from crm.models import Department
from projects.enums import Holder, Standing
from projects.models import Project, TeamMember, TeamSlot
from projects.permissions import can_drive, can_hand_over


@transaction.atomic
def assign_team(
    *,
    actor: Actor,
    project: Project,
    places: Mapping[str, User | Department],
    since: date,
    at: datetime,
    beside: bool = False,
) -> list[TeamMember]:
    """Fill slots of the service team by their codes; whoever held a slot leaves it that day.

    With `beside` those who hold it stay. Raises UserFacingError for an unknown slot, for a
    person where a unit belongs, and for somebody who holds the slot already.
    """
    if not can_drive(actor, lock(project)):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    slots = {row.code: row for row in TeamSlot.objects.filter(code__in=places, active=True)}
    if unknown := set(places) - set(slots):
        raise UserFacingError(
            _("There is no slot called %(names)s.") % {"names": _(", ").join(sorted(unknown))}
        )
    rows = [
        TeamMember(project=project, slot=slots[code], since=since, **_held(slots[code], holder))
        for code, holder in places.items()
    ]
    holders = project.team.filter(slot__in=slots.values(), until=None)
    if beside and (twin := _held_already(holders, rows)):
        raise UserFacingError(
            _("%(who)s is “%(slot)s” already.") % {"who": twin.who, "slot": twin.slot.label}
        )
    if not beside:
        holders.update(until=since)
    made = TeamMember.objects.bulk_create(rows)
    after: dict[str, Any] = {code: holder.pk for code, holder in places.items()}
    audit.record("project.team", actor=actor, target=project, after=after)
    return made


def _held_already(holders: QuerySet[TeamMember], rows: list[TeamMember]) -> TeamMember | None:
    held = {(row.slot_id, row.user_id, row.department_id) for row in holders}
    return next((r for r in rows if (r.slot_id, r.user_id, r.department_id) in held), None)


@transaction.atomic
def leave_team(*, actor: Actor, member: TeamMember, until: date, at: datetime) -> TeamMember:
    """End one place of a team; that it was held stays on record.

    Raises NotAllowedError for strangers, UserFacingError when it has ended already.
    """
    project = lock(member.project)
    if not can_drive(actor, project):
        raise NotAllowedError(_("Agents and leads of the area may change this."))
    if not project.team.filter(pk=member.pk, until=None).update(until=until):
        raise UserFacingError(_("This place has ended already. Look at the team again."))
    member.until = until
    after: dict[str, Any] = {"left": member.slot.code, "member": member.pk}
    audit.record("project.team", actor=actor, target=project, after=after)
    return member


def _held(slot: TeamSlot, holder: User | Department) -> dict[str, Any]:
    is_person = isinstance(holder, User)
    if slot.holder != Holder.EITHER and (slot.holder == Holder.PERSON) != is_person:
        raise UserFacingError(
            _("“%(slot)s” is filled by: %(kind)s.")
            % {"slot": slot.label, "kind": slot.get_holder_display()}
        )
    return {"user": holder} if is_person else {"department": holder}


@transaction.atomic
def hand_over_places(*, actor: Actor, leaving: User, taking: User, since: date) -> int:
    """Give a person's places in all running teams to another; return the number of projects.

    The old places end that day and stay on record. Where the other has the same slot already
    the place only ends. Raises NotAllowedError for everybody but who keeps the accounts.
    """
    if not can_hand_over(actor):
        raise NotAllowedError(_("Administrators hand over the work of who leaves."))
    gone = [Standing.TERMINATED, Standing.REMOVED]
    places = TeamMember.objects.filter(user=leaving, until=None)
    rows = list(places.exclude(project__standing__in=gone).select_for_update())
    TeamMember.objects.filter(pk__in=[row.pk for row in rows]).update(until=since)
    held = set(
        TeamMember.objects.filter(user=taking, until=None).values_list("project_id", "slot_id")
    )
    TeamMember.objects.bulk_create(
        TeamMember(project_id=project, slot_id=slot, user=taking, since=since)
        for project, slot in dict.fromkeys((row.project_id, row.slot_id) for row in rows)
        if (project, slot) not in held
    )
    projects = {row.project_id for row in rows}
    after = {"to": taking.pk, "projects": sorted(projects)}
    audit.record("team.hand_over", actor=actor, target=leaving, after=after)
    return len(projects)

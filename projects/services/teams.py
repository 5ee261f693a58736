"""六个一: who answers for a project, with periods."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.common.errors import NotAllowedError, UserFacingError
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.records import audit
from crm.common.records.transitions import lock
from crm.models import Department
from projects.enums import Holder
from projects.models import Project, TeamMember, TeamSlot
from projects.permissions import can_drive


@transaction.atomic
def assign_team(
    *,
    actor: Actor,
    project: Project,
    places: Mapping[str, User | Department],
    since: date,
    at: datetime,
) -> list[TeamMember]:
    """Fill slots of the service team by their codes; whoever held a slot leaves it that day.

    Raises UserFacingError for an unknown slot, and for a person where a unit belongs.
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
    project.team.filter(slot__in=slots.values(), until=None).update(until=since)
    made = TeamMember.objects.bulk_create(rows)
    after: dict[str, Any] = {code: holder.pk for code, holder in places.items()}
    audit.record("project.team", actor=actor, target=project, after=after)
    return made


def _held(slot: TeamSlot, holder: User | Department) -> dict[str, Any]:
    is_person = isinstance(holder, User)
    if slot.holder != Holder.EITHER and (slot.holder == Holder.PERSON) != is_person:
        raise UserFacingError(
            _("“%(slot)s” is filled by: %(kind)s.")
            % {"slot": slot.label, "kind": slot.get_holder_display()}
        )
    return {"user": holder} if is_person else {"department": holder}

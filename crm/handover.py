"""What of the house changes hands when somebody leaves: areas nobody else serves, standing in."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import today
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.slots.handover import Pile, register
from crm.selectors import areas_served_alone
from crm.services import hand_over_areas, hand_over_standing_in
from crm.services.absences import standing_in


def _areas(user: User) -> int:
    return len(areas_served_alone(user))


def _move_areas(actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    return hand_over_areas(actor=actor, leaving=leaving, taking=taking)


def _absences(user: User) -> int:
    return standing_in(user, today()).count()


def _move_absences(actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    return hand_over_standing_in(actor=actor, leaving=leaving, taking=taking, at=at)


register(Pile("areas", _("Areas that nobody else serves"), 5, _areas, _move_areas))
register(
    Pile("absences", _("Absences in which the person stands in"), 90, _absences, _move_absences)
)

"""What of the sweeps changes hands when somebody leaves: targets not visited yet."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.slots.handover import Pile, register
from issues.enums import SweepStatus
from issues.models import SweepTarget
from issues.services.sweeping import hand_over_targets


def _targets(user: User) -> int:
    rows = SweepTarget.objects.filter(owner=user).exclude(sweep__status=SweepStatus.CLOSED)
    return rows.unsettled().count()


def _move(actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    return hand_over_targets(actor=actor, leaving=leaving, taking=taking)


register(Pile("targets", _("Targets of a sweep, not visited yet"), 30, _targets, _move))

"""What of the projects changes hands when somebody leaves: places in teams, rows of the list."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.common.days.clock import local_date
from crm.common.people.actor import Actor
from crm.common.people.models import User
from crm.common.slots.handover import Pile, register
from projects.enums import ItemStatus, Standing
from projects.models import ListItem, TeamMember
from projects.selectors import open_cases_of
from projects.services import hand_over_cases, hand_over_items, hand_over_places

GONE = (Standing.TERMINATED, Standing.REMOVED)


def _places(user: User) -> int:
    held = TeamMember.objects.filter(user=user, until=None).exclude(project__standing__in=GONE)
    return held.values("project_id").distinct().count()


def _items(user: User) -> int:
    return ListItem.objects.filter(person=user, status=ItemStatus.OPEN).count()


def _move_places(actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    return hand_over_places(actor=actor, leaving=leaving, taking=taking, since=local_date(at))


def _move_items(actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    return hand_over_items(actor=actor, leaving=leaving, taking=taking, at=at)


def _cases(user: User) -> int:
    return open_cases_of(user).count()


def _move_cases(actor: Actor, leaving: User, taking: User, at: datetime) -> int:
    return hand_over_cases(actor=actor, leaving=leaving, taking=taking, at=at)


register(Pile("projects", _("Projects on whose team the person is"), 10, _places, _move_places))
register(Pile("items", _("Open tasks of the lists"), 20, _items, _move_items))
register(Pile("approvals", _("Approvals the person pushes"), 15, _cases, _move_cases))

"""The project room's running limits: approvals and rows of the lists."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.common.slots.clocks import RunningClocks, register
from projects.enums import ItemStatus
from projects.models import Approval, ListItem


def _approvals(day: date) -> list[date]:
    rows = Approval.objects.filter(decided_on=None, due_on__gte=day)
    return list(rows.values_list("due_on", flat=True))  # type: ignore[arg-type]


def _items(day: date) -> list[date]:
    rows = ListItem.objects.filter(status=ItemStatus.OPEN, due_on__gte=day)
    return list(rows.values_list("due_on", flat=True))


register(RunningClocks("approvals", _("Approvals"), 20, _approvals))
register(RunningClocks("items", _("Tasks"), 30, _items))

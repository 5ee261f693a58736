"""The issue room's running limits."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.common.slots.clocks import RunningClocks, register
from issues.enums import OPEN_STATUSES
from issues.models import Issue


def _due_days(day: date) -> list[date]:
    rows = Issue.objects.filter(status__in=OPEN_STATUSES, due_on__gte=day)
    return list(rows.values_list("due_on", flat=True))


register(RunningClocks("issues", _("Issues"), 10, _due_days))

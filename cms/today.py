"""What of this room a leader's day begins with: last month's figures, each open to its rows."""

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.selectors.bulletins import figure_line, recent_months
from crm.common.face import formatting
from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.slots.today import TodayCount, register_counts

# How fast and how well the city works; the others stand in the bulletin.
FIGURES = ("approval_workdays", "issues_on_time", "projects", "coordinated_issues")


def month_counts(actor: Actor, today: date) -> list[TodayCount]:
    """Return the figures of the month that ended last, with the difference to the one before."""
    if not actor.has(Role.LEADER):
        return []
    month = recent_months(today, 1)[0]
    counts = []
    for key in FIGURES:
        line = figure_line(key, month)
        counts.append(
            TodayCount(
                label=str(line.figure.label),
                value=line.value,
                unit=str(line.figure.unit),
                detail=_against(line.value, line.before),
                url=reverse("staff:cms:figure_detail", args=[f"{month:%Y-%m}", key]),
            )
        )
    return counts


def _against(value: Decimal | None, before: Decimal | None) -> str:
    if value is None or before is None:
        return ""
    return _("%(difference)s on the month before") % {
        "difference": formatting.signed(value - before)
    }


register_counts("cms", 10, month_counts)

"""Who else is told when somebody is away: the deputy, with a line that says for whom."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.common.people.models import Absence, User


@dataclass(frozen=True, slots=True, order=True)
class Instead:
    """For whom a deputy is told, and until when; empty for a message of one's own."""

    away: str = ""
    until: str = ""

    def line(self) -> str:
        """Return what stands below the message, in the language in force."""
        if not self.away:
            return ""
        return "\n\n" + _("You stand in for %(name)s until %(day)s.") % {
            "name": self.away,
            "day": self.until,
        }


OWN = Instead()


def deputies(people: list[User], day: date) -> list[tuple[User, Instead]]:
    """Return the deputies of those who are away on a day; who is told anyway is left out."""
    told = {one.pk for one in people}
    rows = Absence.objects.on(day).filter(user__in=told).exclude(deputy__in=told)
    found: dict[int, tuple[User, Instead]] = {}
    for row in rows.filter(deputy__is_active=True).select_related("user", "deputy").order_by("pk"):
        note = Instead(str(row.user), row.until.isoformat())
        found.setdefault(row.deputy_id, (row.deputy, note))
    return list(found.values())

"""The ground floor's entries in the navigation."""

from django.utils.translation import gettext_lazy as _

from crm.common.outbox import letters
from crm.common.people.enums import Role
from crm.common.slots.navigation import NavItem, register

register(
    NavItem(
        key="work",
        label=_("How the system stands"),
        icon="activity-heartbeat",
        url_name="staff:common:condition",
        section="system",
        order=200,
        roles=frozenset({Role.ADMIN}),
        badge=letters.count,
    )
)

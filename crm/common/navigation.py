"""The ground floor's entries in the navigation."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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

register(
    NavItem(
        key="catalogues",
        label=_("Catalogues"),
        icon="list-check",
        url_name="staff:common:catalogue_list",
        section="system",
        order=210,
        match=("staff:common:catalogue",),
        roles=frozenset({Role.ADMIN}),
    )
)
register(
    NavItem(
        key="calendar",
        label=_("Working calendar"),
        icon="calendar-repeat",
        url_name="staff:common:calendar_page",
        section="system",
        order=220,
        roles=frozenset({Role.ADMIN}),
    )
)

# The fifth place of the phone's bottom bar; on a desk the person's menu holds the same.
register(
    NavItem(
        key="me",
        label=pgettext_lazy("person", "My page"),
        icon="user",
        url_name="my_page",
        section="phone",
        order=300,
        match=("inbox_", "preferences_", "address_"),
        tab=5,
    )
)

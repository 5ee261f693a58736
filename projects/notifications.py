"""The messages this room sends."""

from django.utils.translation import gettext_lazy as _

from crm.common.outbox.messages import MessageKind, register

APPROVAL_DUE = register(
    MessageKind(
        key="projects.approval_due",
        label=_("An approval of mine is due or late"),
        subject=_("%(when)s: %(title)s"),
        body=_("%(number)s for “%(project)s”: %(title)s, at %(department)s. Due on %(due)s."),
    )
)
ITEM_DUE = register(
    MessageKind(
        key="projects.item_due",
        label=_("A list item of mine is due or late"),
        subject=_("%(when)s: %(title)s"),
        body=_("“%(project)s”: %(title)s, by %(department)s. Due on %(due)s."),
    )
)

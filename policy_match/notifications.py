"""Messages of the policy room."""

from django.utils.translation import gettext_lazy as _

from crm.common.outbox.messages import MessageKind, register

POLICY_PUSH = register(
    MessageKind(
        key="policy_match.push",
        label=_("A policy fits"),
        subject=_("%(title)s: about %(amount)s ten thousand yuan for %(enterprise)s"),
        body=_("%(reason)s"),
    )
)

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
ANSWERED = register(
    MessageKind(
        key="policy_match.answered",
        label=_("An enterprise says whether it wants a policy"),
        subject=_("%(enterprise)s on “%(title)s”: %(answer)s"),
        body=_("%(enterprise)s: %(answer)s. %(words)s"),
    )
)

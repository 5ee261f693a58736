"""The messages this room sends."""

from django.utils.translation import gettext_lazy as _

from crm.common.outbox.messages import MessageKind, register

ASSIGNED = register(
    MessageKind(
        key="issues.assigned",
        label=_("An issue was assigned to my department"),
        subject=_("Assigned to you: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(title)s. Due on %(due)s. Sign for it and answer."),
        can_be_disabled=False,
    )
)
REPORTED = register(
    MessageKind(
        key="issues.reported",
        label=_("An enterprise I look after reported something"),
        subject=_("Reported by the enterprise: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(title)s. Call by %(contact)s and assign it."),
        can_be_disabled=False,
    )
)
ADDED = register(
    MessageKind(
        key="issues.added",
        label=_("An enterprise adds to its issue"),
        subject=_("The enterprise adds: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(words)s"),
    )
)
URGED = register(
    MessageKind(
        key="issues.urged",
        label=_("The office urges an issue of my department"),
        subject=_("Urged: %(title)s"),
        body=_("%(number)s, %(enterprise)s: due on %(due)s. %(by)s urges it. %(words)s"),
        can_be_disabled=False,
    )
)
VISITS_OWED = register(
    MessageKind(
        key="issues.visits_owed",
        label=_("Targets of a round I have not visited"),
        subject=_("%(round)s: %(n)s targets not visited"),
        body=_(
            "%(round)s ends on %(due)s; %(late)s of them are past their day. %(by)s reminds you."
        ),
    )
)
ANSWERED = register(
    MessageKind(
        key="issues.answered",
        label=_("An issue I look after was answered"),
        subject=_("Answered: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(department)s answered. Verify it on site."),
    )
)
CONFIRMATION_ASKED = register(
    MessageKind(
        key="issues.confirmation_asked",
        label=_("My enterprise is asked whether an issue is solved"),
        subject=_("Is it solved? %(title)s"),
        body=_("%(department)s answered %(number)s: %(answer)s Tell us whether it is solved."),
    )
)
CONFIRMED = register(
    MessageKind(
        key="issues.confirmed",
        label=_("An enterprise said whether an issue is solved"),
        subject=_("%(outcome)s: %(title)s"),
        body=_("%(number)s, %(enterprise)s said: %(outcome)s. %(words)s"),
    )
)
SENT_BACK = register(
    MessageKind(
        key="issues.sent_back",
        label=_("An issue was sent back to my department"),
        subject=_("Sent back: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(reason)s Due on %(due)s."),
        can_be_disabled=False,
    )
)
RETURNED = register(
    MessageKind(
        key="issues.returned",
        label=_("A department returned an issue"),
        subject=_("Returned: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(reason)s Assign it again."),
    )
)
CLOSED = register(
    MessageKind(
        key="issues.closed",
        label=_("An issue was struck off"),
        subject=_("Struck off: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(title)s is solved and struck off."),
    )
)
REFUSED = register(
    MessageKind(
        key="issues.refused",
        label=_("An issue of my enterprise was not accepted"),
        subject=_("Not accepted: %(title)s"),
        body=_("%(number)s: %(reason)s"),
        can_be_disabled=False,
        statutory=True,
    )
)
DUE = register(
    MessageKind(
        key="issues.due",
        label=_("An issue of mine is due or late"),
        subject=_("%(when)s: %(title)s"),
        body=_("%(number)s, %(enterprise)s: %(title)s. Due on %(due)s."),
    )
)
REVIEW = register(
    MessageKind(
        key="issues.review",
        label=_("An issue I parked is to be looked at again"),
        subject=_("Look at it again: %(title)s"),
        body=_("%(number)s, %(enterprise)s was parked until %(due)s. Take it up or park it anew."),
    )
)

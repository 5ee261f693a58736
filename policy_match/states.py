"""The table of moves of the policy room: a version of a clause's rule."""

from django.utils.translation import pgettext_lazy

from crm.common.records.transitions import Machine, Move, Tone, aside
from policy_match import permissions
from policy_match.enums import VersionStatus

V = VersionStatus

VERSION_MACHINE = Machine(
    "policy_match.clause_version",
    initial=V.DRAFT,
    labels=dict(V.choices),
    moves=[
        Move(
            "submit",
            frozenset({V.DRAFT}),
            V.SUBMITTED,
            pgettext_lazy("clause version move", "Submit"),
            permissions.can_edit_version,
            icon="send",
            done=pgettext_lazy("clause version move", "Submitted: another person publishes it."),
        ),
        Move(
            "publish",
            frozenset({V.SUBMITTED}),
            V.PUBLISHED,
            pgettext_lazy("clause version move", "Publish"),
            permissions.can_publish,
            icon="check",
            done=pgettext_lazy("clause version move", "Published: it is in force from today."),
        ),
        aside(
            "send_back",
            frozenset({V.SUBMITTED}),
            V.DRAFT,
            pgettext_lazy("clause version move", "Send back"),
            permissions.can_sign,
            icon="arrow-back-up",
        ),
        aside(
            "discard",
            frozenset({V.DRAFT, V.SUBMITTED}),
            V.WITHDRAWN,
            pgettext_lazy("clause version move", "Discard the draft"),
            permissions.can_edit_version,
            icon="trash",
            tone=Tone.DANGER,
        ),
        aside(
            "withdraw",
            frozenset({V.PUBLISHED}),
            V.WITHDRAWN,
            pgettext_lazy("clause version move", "Take out of force"),
            permissions.can_sign,
            icon="ban",
            tone=Tone.DANGER,
        ),
        Move(
            "supersede",
            frozenset({V.PUBLISHED}),
            V.SUPERSEDED,
            pgettext_lazy("clause version move", "Supersede"),
            permissions.can_sign,
            hidden=True,
        ),
    ],
)

"""递进式销号 and the life of a meeting, as tables of moves."""

from typing import Any

from django.utils.translation import pgettext_lazy

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.transitions import Machine, Move
from issues.enums import IssueStatus as S
from issues.enums import MeetingStatus as M

OFFICE = (Role.AGENT, Role.LEAD, Role.LEADER, Role.ADMIN)
APPROVERS = (Role.LEAD, Role.LEADER, Role.ADMIN)


def is_office(actor: Actor, _issue: Any) -> bool:
    """Say whether the actor belongs to the office that runs the ledger (安商办)."""
    return actor.has(*OFFICE)


def is_approver(actor: Actor, _issue: Any) -> bool:
    """Say whether the actor may grant more time or take an issue off the clock."""
    return actor.has(*APPROVERS)


def has_handled(actor: Actor, issue: Any) -> bool:
    """Say whether the actor signed for or answered the issue, or works where it is handled."""
    return any(
        actor.user_id in (row.signed_by_id, row.answered_by_id)
        or (actor.has(Role.HANDLER) and row.department_id in actor.department_ids)
        for row in issue.assignments.all()
    )


def is_handler(actor: Actor, issue: Any) -> bool:
    """Say whether the issue is assigned to the actor's department."""
    return actor.has(Role.HANDLER) and any(
        row.department_id in actor.department_ids and row.withdrawn_at is None
        for row in issue.assignments.all()
    )


def is_independent(actor: Actor, issue: Any) -> bool:
    """Say whether the actor runs the ledger and has not handled this issue."""
    return is_office(actor, issue) and not has_handled(actor, issue)


def is_own_enterprise(actor: Actor, issue: Any) -> bool:
    """Say whether the actor speaks for the enterprise the issue is about."""
    return actor.has(Role.ENTERPRISE) and issue.enterprise_id in actor.enterprise_ids


ISSUE_MACHINE = Machine(
    "issues.issue",
    initial=S.RECEIVED,
    labels=dict(S.choices),
    moves=[
        Move(
            "assign",
            frozenset({S.RECEIVED, S.RETURNED, S.ASSIGNED}),
            S.ASSIGNED,
            pgettext_lazy("issue move", "Assign"),
            is_office,
        ),
        Move(
            "sign",
            frozenset({S.ASSIGNED}),
            S.SIGNED,
            pgettext_lazy("issue move", "Sign for it"),
            is_handler,
        ),
        Move(
            "start",
            frozenset({S.SIGNED}),
            S.HANDLING,
            pgettext_lazy("issue move", "Start handling"),
            is_handler,
        ),
        Move(
            "answer",
            frozenset({S.SIGNED, S.HANDLING}),
            S.ANSWERED,
            pgettext_lazy("issue move", "Answer"),
            is_handler,
            needs_reason=True,
            needs_evidence=True,
        ),
        Move(
            "verify",
            frozenset({S.ANSWERED}),
            S.VERIFIED,
            pgettext_lazy("issue move", "Verify"),
            is_independent,
        ),
        Move(
            "close",
            frozenset({S.VERIFIED}),
            S.CLOSED,
            pgettext_lazy("issue move", "Strike off"),
            is_independent,
        ),
        Move(
            "send_back",
            frozenset({S.ANSWERED, S.VERIFIED}),
            S.HANDLING,
            pgettext_lazy("issue move", "Send back for more work"),
            is_office,
            needs_reason=True,
        ),
        Move(
            "dispute",
            frozenset({S.ANSWERED, S.VERIFIED}),
            S.HANDLING,
            pgettext_lazy("issue move", "Enterprise: not solved"),
            is_own_enterprise,
        ),
        Move(
            "return",
            frozenset({S.ASSIGNED, S.SIGNED}),
            S.RETURNED,
            pgettext_lazy("issue move", "Return, not ours"),
            is_handler,
            needs_reason=True,
        ),
        Move(
            "extend",
            frozenset({S.SIGNED, S.HANDLING}),
            S.HANDLING,
            pgettext_lazy("issue move", "Grant more time"),
            is_approver,
            needs_reason=True,
        ),
        Move(
            "park",
            frozenset({S.RECEIVED, S.RETURNED, S.ASSIGNED, S.SIGNED, S.HANDLING, S.ANSWERED}),
            S.PARKED,
            pgettext_lazy("issue move", "Park"),
            is_approver,
            needs_reason=True,
        ),
        Move(
            "resume",
            frozenset({S.PARKED}),
            S.RECEIVED,
            pgettext_lazy("issue move", "Take up again"),
            is_approver,
        ),
        Move(
            "refuse",
            frozenset({S.RECEIVED, S.RETURNED}),
            S.REFUSED,
            pgettext_lazy("issue move", "Do not accept"),
            is_office,
            needs_reason=True,
        ),
        Move(
            "reopen",
            frozenset({S.CLOSED, S.REFUSED}),
            S.RECEIVED,
            pgettext_lazy("issue move", "Reopen"),
            is_approver,
            needs_reason=True,
        ),
    ],
)

MEETING_MACHINE = Machine(
    "issues.meeting",
    initial=M.REQUESTED,
    labels=dict(M.choices),
    moves=[
        Move(
            "set_agenda",
            frozenset({M.REQUESTED, M.AGENDA}),
            M.AGENDA,
            pgettext_lazy("meeting move", "Set the agenda"),
            is_approver,
        ),
        Move(
            "hold",
            frozenset({M.REQUESTED, M.AGENDA}),
            M.HELD,
            pgettext_lazy("meeting move", "Record as held"),
            is_approver,
        ),
        Move(
            "draft",
            frozenset({M.HELD, M.MINUTES}),
            M.MINUTES,
            pgettext_lazy("meeting move", "Draft the minutes"),
            is_approver,
        ),
        Move(
            "sign",
            frozenset({M.MINUTES}),
            M.SIGNED,
            pgettext_lazy("meeting move", "Sign the minutes"),
            is_approver,
        ),
        Move(
            "dispatch",
            frozenset({M.SIGNED}),
            M.DISPATCHED,
            pgettext_lazy("meeting move", "Hand out the decisions"),
            is_approver,
        ),
        Move(
            "cancel",
            frozenset({M.REQUESTED, M.AGENDA}),
            M.CANCELLED,
            pgettext_lazy("meeting move", "Cancel"),
            is_approver,
            needs_reason=True,
        ),
    ],
)

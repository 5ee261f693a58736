"""Who may do what in this room; the tables of moves name these functions."""

from typing import Any

from crm.common.people.actor import Actor
from crm.common.people.enums import Role
from crm.common.records.transitions import history

OFFICE = (Role.AGENT, Role.LEAD, Role.LEADER)
APPROVERS = (Role.LEAD, Role.LEADER)


def is_office(actor: Actor, _issue: Any) -> bool:
    """Say whether the actor belongs to the office that runs the ledger (安商办)."""
    return actor.has(*OFFICE)


def is_approver(actor: Actor, _issue: Any) -> bool:
    """Say whether the actor leads: grants time, parks, signs minutes, opens and closes rounds."""
    return actor.has(*APPROVERS)


def has_handled(actor: Actor, issue: Any) -> bool:
    """Say whether the actor signed for or answered the issue, or works where it is handled."""
    return any(
        actor.user_id in (row.signed_by_id, row.answered_by_id)
        or (actor.has(Role.HANDLER) and row.department_id in actor.department_ids)
        for one in issue.rounds.all()
        for row in one.assignments.all()
    )


def is_handler(actor: Actor, issue: Any) -> bool:
    """Say whether the issue is assigned to the actor's department."""
    return actor.has(Role.HANDLER) and any(
        row.department_id in actor.department_ids for row in issue.parts
    )


def is_independent(actor: Actor, issue: Any) -> bool:
    """Say whether the actor runs the ledger and has not handled this issue."""
    return is_office(actor, issue) and not has_handled(actor, issue)


def is_own_enterprise(actor: Actor, issue: Any) -> bool:
    """Say whether the actor speaks for the enterprise the issue is about."""
    return (
        actor.has(Role.ENTERPRISE)
        and issue.enterprise_id is not None
        and issue.enterprise_id in actor.enterprise_ids
    )


def can_urge(actor: Actor, issue: Any) -> bool:
    """Say whether the actor urges the departments: the office."""
    return is_office(actor, issue)


def can_add_file(actor: Actor, issue: Any) -> bool:
    """Say whether the actor adds a file: the office, and whom it is assigned to."""
    return is_office(actor, issue) or is_handler(actor, issue)


def can_add_words(actor: Actor, issue: Any) -> bool:
    """Say whether the actor adds to what was said: the enterprise, until it is at rest."""
    return is_own_enterprise(actor, issue) and not issue.resting_lamp


def may_withdraw(actor: Actor, issue: Any) -> bool:
    """Say whether the actor takes back an entry: leads; who logged it, until it is signed for."""
    if is_approver(actor, issue):
        return True
    mine = actor.user_id is not None and issue.created_by_id == actor.user_id
    return is_office(actor, issue) and mine and issue.is_fresh


def has_the_word(actor: Actor, issue: Any) -> bool:
    """Say whether the actor brings the enterprise's word: itself, or the office that called it."""
    return is_own_enterprise(actor, issue) or is_independent(actor, issue)


def can_record_recurrence(actor: Actor, _issue: Any) -> bool:
    """Say whether the actor may put on record that a struck-off issue came up again."""
    return can_log(actor)


def can_log(actor: Actor) -> bool:
    """Say whether the actor may put an issue on record: the office, handlers, enterprises."""
    return actor.has(*OFFICE, Role.HANDLER, Role.ENTERPRISE)


def can_run_sweeps(actor: Actor) -> bool:
    """Say whether the actor may open and close rounds."""
    return actor.has(*APPROVERS)


def can_visit(actor: Actor) -> bool:
    """Say whether the actor may record visits of a round."""
    return actor.has(*OFFICE)


def can_request_meeting(actor: Actor) -> bool:
    """Say whether the actor may ask for a meeting."""
    return actor.has(*OFFICE, Role.HANDLER)


def sees_whole_agenda(actor: Actor, meeting: Any) -> bool:
    """Say whether no item of the meeting is hidden from the actor."""
    if actor.sees_all:
        return True
    every: Any = meeting.items.model.objects
    return bool(every.visible_to(actor).filter(meeting=meeting).count() == meeting.items.count())


def keeps_agenda(actor: Actor, meeting: Any) -> bool:
    """Say whether the actor adds, orders and drops matters: leads, and who of the office asked."""
    mine = actor.user_id is not None and meeting.created_by_id == actor.user_id
    return is_approver(actor, meeting) or (is_office(actor, meeting) and mine)


def keeps_minutes(actor: Actor, meeting: Any) -> bool:
    """Say whether the actor writes the minutes: the office, where it sees the whole agenda."""
    return is_office(actor, meeting) and sees_whole_agenda(actor, meeting)


def may_sign(actor: Actor, meeting: Any) -> bool:
    """Say whether the actor signs the minutes: leads, never who drafted them (four eyes)."""
    if not is_approver(actor, meeting):
        return False
    last = history(meeting).filter(move="draft").order_by("-at", "-pk").first()
    return last is None or last.actor_id is None or last.actor_id != actor.user_id


def can_hand_over(actor: Actor) -> bool:
    """Say whether the actor hands over the work of a person who leaves."""
    return actor.has(Role.ADMIN)


def can_keep_limits(actor: Actor) -> bool:
    """Administrators keep the limits of the ledger."""
    return actor.has(Role.ADMIN)

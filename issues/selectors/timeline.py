"""What the page of one issue tells: the rail, the days, the events."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.common.days.calendar import WorkCalendar
from crm.common.days.clock import local_date
from crm.common.face import formatting
from crm.common.records.models import Transition
from crm.common.records.transitions import history, move_of
from issues.enums import IssueStatus, MeetingStatus
from issues.models import Issue, IssueAssignment, Meeting

# The six steps of the rail: the moves that complete a step, and the states in which it is on.
STEPS = (
    ("received", ("log",), ()),
    ("assigned", ("assign",), (IssueStatus.RECEIVED, IssueStatus.RETURNED)),
    (
        "handling",
        ("sign",),
        (IssueStatus.ASSIGNED, IssueStatus.SIGNED, IssueStatus.HANDLING),
    ),
    ("answered", ("answer",), ()),
    ("verified", ("verify",), (IssueStatus.ANSWERED,)),
    ("closed", ("close",), (IssueStatus.VERIFIED,)),
)
ORDER = {
    IssueStatus.RECEIVED: 1,
    IssueStatus.RETURNED: 1,
    IssueStatus.ASSIGNED: 2,
    IssueStatus.SIGNED: 2,
    IssueStatus.HANDLING: 2,
    IssueStatus.ANSWERED: 4,
    IssueStatus.VERIFIED: 5,
    IssueStatus.CLOSED: 6,
}
NOT_RUNNING = (IssueStatus.PARKED, IssueStatus.REFUSED, IssueStatus.WITHDRAWN)
SHOWN_DAYS = 14


def moves_of(issue: Issue) -> list[Transition]:
    """Return the moves of an issue, oldest first."""
    return list(history(issue))


def _step_name(key: str) -> str:
    return {
        "received": pgettext("issue step", "Received"),
        "assigned": pgettext("issue step", "Assigned"),
        "handling": pgettext("issue step", "Handling"),
        "answered": pgettext("issue step", "Answered"),
        "verified": pgettext("issue step", "Verified"),
        "closed": pgettext("issue step", "Struck off"),
    }[key]


def _step(key: str, state: str, move: Transition | None, note: str = "") -> dict[str, str]:
    return {
        "name": _step_name(key),
        "state": state,
        "who": move.actor_name if move else "",
        "when": formatting.moment(move.at) if move else "",
        "note": note,
        "late": "",
    }


def rail(
    issue: Issue,
    moves: list[Transition],
    parts: list[IssueAssignment],
    today: date,
    calendar: WorkCalendar,
) -> list[dict[str, str]]:
    """Return the steps of the close-out: who did them when, which one is on, what is late."""
    reached = _reached(issue, moves)
    last = {move.move: move for move in moves if move.at >= issue.current.opened_at}
    steps = []
    for place, (key, names, _states) in enumerate(STEPS):
        if place == 0:
            first = _step(key, "done", None, issue.get_source_display())
            first["who"] = str(issue.created_by or "")
            first["when"] = formatting.moment(issue.reported_at)
            steps.append(first)
            continue
        state = "done" if place < reached else "now" if place == reached else "todo"
        move = next((last[name] for name in names if name in last), None)
        steps.append(_step(key, state, move if state == "done" or key == "handling" else None))
    if parts:
        steps[1]["note"] = "、".join(part.department.short_name for part in parts)
    _mark_late(issue, steps, reached, last.get("answer"), today, calendar)
    return steps


def _reached(issue: Issue, moves: list[Transition]) -> int:
    if issue.status in ORDER:
        return ORDER[issue.status]  # type: ignore[index]
    before = moves[-1].from_state if moves else IssueStatus.RECEIVED
    return ORDER.get(before, 1)  # type: ignore[call-overload]


def _mark_late(
    issue: Issue,
    steps: list[dict[str, str]],
    reached: int,
    answer: Transition | None,
    today: date,
    calendar: WorkCalendar,
) -> None:
    ended = local_date(answer.at) if answer and reached > 3 else today
    late = calendar.workdays_between(issue.due_on, ended) if ended > issue.due_on else 0
    if late <= 0 or issue.status in NOT_RUNNING:
        return
    steps[2]["late"] = ngettext(
        "%(n)d working day too late", "%(n)d working days too late", late
    ) % {"n": late}
    if steps[2]["state"] == "done":
        steps[2]["state"] = "late"


def timeline(issue: Issue, moves: list[Transition]) -> list[dict[str, Any]]:
    """Return what happened, the latest first."""
    events: list[dict[str, Any]] = [
        {
            "icon": row.icon,
            "title": str(row.label),
            "who": move.actor_name,
            "when": formatting.moment(move.at),
            "at": move.at,
            "text": move.reason,
        }
        for move in moves
        if (row := move_of(move))
    ]
    events += [
        {
            "icon": "mood-smile",
            "title": _("The enterprise: %(said)s") % {"said": said.get_outcome_display()},
            "who": said.who,
            "when": formatting.moment(said.confirmed_at),
            "at": said.confirmed_at,
            "text": said.words,
        }
        for one in issue.rounds.all()
        for said in one.confirmations.all()
    ]
    events += [
        {
            "icon": "users",
            "title": _("On the agenda of meeting %(number)s") % {"number": item.meeting.number},
            "who": "",
            "when": formatting.moment(item.meeting.held_at),
            "at": item.meeting.held_at,
            "text": "；".join(one.text for one in item.resolutions.all()),
        }
        for item in issue.agenda_items.filter(meeting__held_at__isnull=False)
        .select_related("meeting")
        .prefetch_related("resolutions")
    ]
    events.append(
        {
            "icon": "message-report",
            "title": _("Logged: %(source)s") % {"source": issue.get_source_display()},
            "who": str(issue.created_by or ""),
            "when": formatting.moment(issue.reported_at),
            "at": issue.reported_at,
            "text": "",
        }
    )
    return sorted(events, key=lambda event: event["at"], reverse=True)


def days(issue: Issue, today: date, calendar: WorkCalendar) -> list[dict[str, str]]:
    """Return the days of the clock: counted, off, due, late; at most two weeks of them."""
    first = local_date(issue.current.clock_from)
    end = local_date(issue.closed_at) if issue.closed_at else today
    final = max(issue.due_on, end)
    start = max(first, final - timedelta(days=SHOWN_DAYS - 1))
    return [
        _day(start + timedelta(days=n), first, issue.due_on, end, calendar)
        for n in range((final - start).days + 1)
    ]


def _day(day: date, first: date, due: date, end: date, calendar: WorkCalendar) -> dict[str, str]:
    word, state = formatting.weekday(day)[-1:], ""
    if day == first:
        word, state = _("logged"), "next"
    elif not calendar.is_workday(day):
        word, state = pgettext("calendar", "off"), "off"
    elif day == due:
        word, state = pgettext("calendar", "due"), "due"
    elif due < day <= end:
        state = "late"
    elif day > end:
        state = "next"
    return {"day": str(day.day), "word": word, "state": state}


# The steps of a meeting: the state each leads to.
MEETING_STEPS = (
    MeetingStatus.REQUESTED,
    MeetingStatus.AGENDA,
    MeetingStatus.HELD,
    MeetingStatus.MINUTES,
    MeetingStatus.SIGNED,
    MeetingStatus.DISPATCHED,
)


def meeting_rail(meeting: Meeting, moves: list[Transition]) -> list[dict[str, Any]]:
    """Return the steps of a meeting with who made each when; the first still open is on."""
    made = {move.to_state: move for move in moves}
    over = MeetingStatus.CANCELLED in made
    reached = max((n for n, state in enumerate(MEETING_STEPS) if state in made), default=0)
    steps: list[dict[str, Any]] = []
    for place, state in enumerate(MEETING_STEPS):
        move = made.get(state)
        done, now = place <= reached, place == reached + 1 and not over
        sub = [move.actor_name, formatting.moment(move.at)] if move else []
        steps.append(
            {
                "name": state.label,
                "state": "done" if done else "now" if now else "todo",
                "sub": sub,
            }
        )
    return steps

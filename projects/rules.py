"""What a stage requires, as data: it drives the form, the service and “what is missing”."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from crm.common.days.calendar import Pause, WorkCalendar
from projects.enums import STAGES, Light, Stage, Standing

# Field -> the stage from which it must be filled (process.md (a): evidence auditors ask for).
REQUIRED_FROM: dict[str, Stage] = {
    "signed_on": Stage.SIGNED,
    "agreed_investment_fen": Stage.SIGNED,
    "enterprise": Stage.REGISTERED,
    "filing_code": Stage.FILED,
    "construction_permit": Stage.PERMITTED,
    "started_on": Stage.STARTED,
    "completed_on": Stage.COMPLETED,
    "produced_on": Stage.PRODUCING,
}


# The matter that ends the whole process of a project's approvals.
CONSTRUCTION_PERMIT = "D05"

# Work due within so many days turns a light amber.
SOON_DAYS = 4

# The screen offers to undo for eight seconds; the rest is for a slow network.
UNDO_WITHIN = timedelta(seconds=30)


def missing_for(stage: Stage, values: dict[str, object]) -> list[str]:
    """Return the fields that a stage requires and that are empty."""
    reached = STAGES.index(stage)
    return [
        name
        for name, since in REQUIRED_FROM.items()
        if STAGES.index(since) <= reached and values.get(name) in (None, "")
    ]


def next_stage(stage: Stage) -> Stage | None:
    """Return the stage after this one, or None at the end."""
    if stage == STAGES[-1]:
        return None
    return STAGES[STAGES.index(stage) + 1]


def days_in(text: str) -> int | None:
    """Read the longest limit in working days out of a published limit, or None.

    “即办” and “即时” are 0; “0.5天” counts as one day; ranges such as “1-3个工作日” give the
    upper end; limits that are no approval limits (招拍挂, 会期制) give None.
    """
    if re.search(r"公告|会期|非法定|非行政许可|并入|自主|报备|移交|承诺$|^-$", text):
        return None
    numbers = [float(n) for n in re.findall(r"(\d+(?:\.\d+)?)(?=个?工作日|日|天|[-,、、])", text)]
    if not numbers:
        return 0 if re.search(r"即办|即时", text) else None
    return max(1, round(max(numbers)))


def due_on(
    accepted_on: date, promised_days: int, pauses: list[Pause], calendar: WorkCalendar
) -> date | None:
    """Return the last day of an approval's promised limit; None while its clock stands still."""
    if any(pause.end is None for pause in pauses):
        return None
    return calendar.add_workdays(accepted_on, promised_days, pauses)


def running_days(
    spans: Iterable[tuple[date, date, Sequence[Pause]]], calendar: WorkCalendar
) -> set[date]:
    """Return the working days on which at least one clock ran.

    A span is the day of acceptance, which does not count, the day of decision, which does, and
    the stops between them.
    """
    days = set[date]()
    for start, end, stops in spans:
        for offset in range(1, (end - start).days + 1):
            day = start + timedelta(days=offset)
            if calendar.is_workday(day) and not any(stop.covers(day) for stop in stops):
                days.add(day)
    return days


def light_for(*, standing: str, overdue: int, due_soon: int) -> Light:
    """Return a project's light from its late and its soon-due work."""
    if standing != Standing.RUNNING:
        return Light.GREY
    if overdue:
        return Light.RED
    return Light.AMBER if due_soon else Light.GREEN

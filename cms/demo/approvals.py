"""The demo city's approvals: some are entrusted to agents, most the enterprises run themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from random import Random

from cms.demo.courses import Course, table
from cms.demo.days import AS_OF, CUTOFF
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar
from projects.enums import STAGES, Stage
from projects.models import Approval, MatterVersion
from projects.services import CaseReport, entrust_approvals, move_approval, report_cases

TODAY = AS_OF.date()
# Since when matters are entrusted at all.
ENTRUSTED_SINCE = date(2022, 10, 8)
# How much of the promised days a case takes: least, usual, most; and how that fell over time.
SPENT = (0.4, 0.75, 1.0)
SLOW_AT_FIRST, QUICK_NOW = 1.25, 0.86
OVER_SHARE, OVER_DAYS = 0.07, (1, 3)
# Cases of the stage that comes next: how many have begun, since when at most, and of a hundred
# how many wait for their papers or for an expert's review.
BEGUN, RUNNING_SINCE = 0.6, 40
WAITING, STOPPED = 40, 12
LONG = 7
SINCE = CUTOFF - timedelta(days=RUNNING_SINCE)
RUNNING = ("accept", "review")
STOP_REASONS = ("补正材料", "专家评审", "公示期间")


@dataclass(frozen=True, slots=True)
class Plan:
    """One case before it is entered: which matter of which project, from when to when."""

    number: int
    code: str
    usual: bool
    accepted: date
    decided: date
    # The last step it has made by this morning; empty for one that went all the way.
    last: str = ""


def seed(world: World, calendar: WorkCalendar, entrusted: int) -> None:
    """Entrust so many matters, the usual ones first; the departments report the others."""
    versions = MatterVersion.objects.in_force(CUTOFF).select_related("matter", "department")
    known = {
        version.matter.code: version
        for version in versions
        if version.promised_days is not None and version.department.code in world.handlers
    }
    planned = _Planner(Random("approvals"), calendar, known).plans(world.courses)
    picks = sorted(
        (not plan.usual, world.rng.random(), plan.number, plan.code, plan)
        for plan in planned
        if ENTRUSTED_SINCE + timedelta(days=plan.number) <= plan.accepted < CUTOFF
    )
    ours = [pick[-1] for pick in picks[:entrusted]]
    _entrust(world, calendar, known, ours)
    taken = set(ours)
    theirs = [plan for plan in planned if plan not in taken and plan.last in ("", *RUNNING)]
    _report(world, calendar, known, theirs)


class _Planner:
    """Lays every project's cases into the stages they belong to."""

    def __init__(
        self, rng: Random, calendar: WorkCalendar, known: dict[str, MatterVersion]
    ) -> None:
        self.rng, self.calendar, self.known = rng, calendar, known
        self.kinds = {row["project_type"]: row for row in table("project_types")}
        self.stages = {
            (row["project_type"], row["stage"]): row["approvals_applied"].split(";")
            for row in table("project_course")
        }

    def plans(self, courses: list[Course]) -> list[Plan]:
        """Return the cases of all projects."""
        return [
            plan
            for number, course in enumerate(courses)
            if Stage.SIGNED in course.days
            for plan in self._plans(number, course)
        ]

    def _plans(self, number: int, course: Course) -> Iterator[Plan]:
        kind = self.kinds[course.type]
        least, most = (int(text) for text in kind["approvals_range"].split("-"))
        first = [*kind["approvals_always"].split(";"), *sorted(course.usual)]
        whole = [code for stage in STAGES for code in self.stages[course.type, stage.value] if code]
        ranked = sorted(
            dict.fromkeys(whole), key=lambda code: (code not in first, whole.index(code))
        )
        wanted = set(ranked[: self.rng.randint(least, most)])
        reached = STAGES.index(course.stage)
        for place, stage in enumerate(STAGES[: reached + 2]):
            codes = [
                code
                for code in self.stages[course.type, stage.value]
                if code in wanted and code in self.known
            ]
            if codes and place:
                yield from self._of_stage(number, course, stage, codes)

    def _of_stage(
        self, number: int, course: Course, stage: Stage, codes: list[str]
    ) -> Iterator[Plan]:
        """Spread a stage's cases over the time before it was reached, or over the last weeks."""
        place = STAGES.index(stage)
        start = course.days[STAGES[place - 1]]
        end = course.days.get(stage)
        if end is None:
            yield from self._begun(number, course, max(start, SINCE), codes)
            return
        for rank, code in enumerate(codes):
            day = start + (end - start) * rank // len(codes)
            accepted = self.calendar.next_workday(day)
            decided = self.calendar.add_workdays(accepted, self._spent(code, accepted))
            if self.known[code].effective_from <= accepted < CUTOFF:
                yield Plan(number, code, code in course.usual, accepted, decided)

    def _begun(self, number: int, course: Course, start: date, codes: list[str]) -> Iterator[Plan]:
        """Begin some cases of the stage that comes next; few of them are over by now."""
        for code in codes:
            if self.rng.random() > BEGUN:
                continue
            day = start + timedelta(days=self.rng.randint(0, max((CUTOFF - start).days - 2, 0)))
            promised, chance = self.known[code].promised_days or 0, self.rng.randint(1, 100)
            last = ""
            if chance <= WAITING:
                last = "gather" if chance % 4 else "entrust"
            elif chance <= WAITING + STOPPED and promised:
                last = "stop_clock"
            elif promised >= LONG:
                day = TODAY - timedelta(days=self.rng.randint(3, round(promised * 1.4)))
                last = "review" if chance % 3 else "accept"
            accepted = self.calendar.next_workday(day)
            decided = self.calendar.add_workdays(accepted, self._spent(code, accepted))
            if accepted < CUTOFF or last in RUNNING:
                yield Plan(number, code, code in course.usual, accepted, decided, last)

    def _spent(self, code: str, day: date) -> int:
        """Return the working days of one case: within the promise as a rule, ever fewer."""
        promised = self.known[code].promised_days or 0
        gone = (day - ENTRUSTED_SINCE) / (TODAY - ENTRUSTED_SINCE)
        pace = SLOW_AT_FIRST + (QUICK_NOW - SLOW_AT_FIRST) * min(max(gone, 0.0), 1.0)
        low, usual, high = SPENT
        spent = min(promised, round(promised * self.rng.triangular(low, high, usual) * pace))
        if self.rng.random() < OVER_SHARE:
            return promised + self.rng.randint(*OVER_DAYS)
        return spent


def _entrust(
    world: World, calendar: WorkCalendar, known: dict[str, MatterVersion], plans: list[Plan]
) -> None:
    """Entrust and push the cases in the order of time."""
    lead = world.actor(world.users["lead"])
    for plan in sorted(plans, key=lambda one: (one.accepted, one.number, one.code)):
        day = plan.accepted - timedelta(days=1)
        while not calendar.is_workday(day):
            day -= timedelta(days=1)
        (case,) = entrust_approvals(
            actor=lead,
            project=world.projects[plan.number],
            matters=[known[plan.code].matter],
            at=world.moment(day, 9, plan.number % 60),
        )
        _push(world, calendar, case, plan, day)


def _push(
    world: World, calendar: WorkCalendar, case: Approval, plan: Plan, entrusted: date
) -> None:
    lead = world.actor(world.users["lead"])
    handler = world.actor(world.handlers[case.department.code][0])
    delivered = calendar.add_workdays(plan.decided, 1)
    if plan.last == "entrust":
        return
    steps = (
        ("gather", lead, entrusted, 10),
        ("accept", handler, plan.accepted, 10),
        ("review", handler, plan.accepted, 14),
        ("stop_clock", handler, plan.accepted, 16),
        ("decide", handler, plan.decided, 16),
        ("deliver", lead, delivered, 11),
    )
    for move, actor, day, hour in steps:
        at = world.moment(day, hour, plan.number % 60)
        if at > AS_OF:
            return
        if move == "stop_clock" and plan.last != move:
            continue
        move_approval(
            actor=actor,
            approval=case,
            move=move,
            at=at,
            calendar=calendar,
            result_number=_certificate(plan, case.pk) if move == "decide" else "",
            reason=STOP_REASONS[case.pk % len(STOP_REASONS)] if move == "stop_clock" else "",
        )
        if move == plan.last:
            return


def _report(
    world: World, calendar: WorkCalendar, known: dict[str, MatterVersion], plans: list[Plan]
) -> None:
    """Let each department report its cases, oldest first."""

    def unit(plan: Plan) -> str:
        return known[plan.code].department.code

    serial = 0
    for code, group in groupby(sorted(plans, key=lambda p: (unit(p), p.accepted, p.number)), unit):
        reports = []
        for plan in group:
            serial += 1
            ended = plan.decided < TODAY and not plan.last
            reports.append(
                CaseReport(
                    project=world.projects[plan.number],
                    matter=known[plan.code].matter,
                    accepted_at=world.moment(plan.accepted, 10, plan.number % 60),
                    decided_at=world.moment(plan.decided, 16) if ended else None,
                    result_number=_certificate(plan, serial) if ended else "",
                )
            )
        handler = world.actor(world.handlers[code][0])
        report_cases(actor=handler, reports=reports, calendar=calendar)


def _certificate(plan: Plan, serial: int) -> str:
    return f"天{plan.code}〔{plan.decided.year}〕{serial:04d}号"

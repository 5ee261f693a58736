"""What the demo city's projects paid in, month by month since the ground was broken."""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from cms.demo.courses import Course
from cms.demo.days import CUTOFF
from cms.demo.world import World
from crm.common.days.calendar import WorkCalendar
from projects.enums import Stage
from projects.services import record_paid_in

# Of what will be paid in all: how much when a stage is reached. Building costs most.
REACHED = {
    Stage.STARTED: 0.06,
    Stage.COMPLETED: 0.72,
    Stage.PRODUCING: 0.93,
    Stage.ON_TARGET: 1.0,
    Stage.LISTED: 1.0,
}
# How many days a stage takes that is not over yet, at the most.
UNFINISHED = {Stage.STARTED: 580, Stage.COMPLETED: 240, Stage.PRODUCING: 400}
WHOLE = 1_000_000
EVIDENCE = ("付款凭证", "工程款发票清单", "设备购置发票", "银行回单")


def seed(world: World, work: WorkCalendar) -> None:
    """Report the months of every project under construction or after it."""
    rng, lead = Random("paid in"), world.actor(world.users["lead"])
    for project, course in zip(world.projects, world.courses, strict=True):
        if Stage.STARTED not in course.days:
            continue
        for month, amount in _months(course, rng):
            day = month.replace(day=calendar.monthrange(month.year, month.month)[1])
            while not work.is_workday(day):
                day -= timedelta(days=1)
            record_paid_in(
                actor=lead,
                project=project,
                month=month,
                amount_fen=amount * WHOLE,
                evidence=f"{month.year}年{month.month}月{rng.choice(EVIDENCE)}",
                at=world.moment(day, 16, project.pk % 60),
            )


def _months(course: Course, rng: Random) -> Iterator[tuple[date, int]]:
    """Yield month and 万元 from the start on; all together stay below what was agreed."""
    whole, paid = course.invested * rng.uniform(0.86, 0.99), 0
    month = course.days[Stage.STARTED].replace(day=1)
    while month <= CUTOFF:
        following = (month + timedelta(days=31)).replace(day=1)
        lag = timedelta(days=rng.randint(0, 12))
        amount = round(whole * _share(course, following - lag)) - paid
        if amount > 0:
            paid += amount
            yield month, amount
        elif course.stage == Stage.STARTED:
            yield month, 0
        month = following


def _share(course: Course, day: date) -> float:
    """Say how much of the whole is paid by a day, straight between the stages."""
    known = [(stage, course.days[stage]) for stage in REACHED if stage in course.days]
    share = 0.0
    for place, (stage, since) in enumerate(known):
        if day < since:
            break
        if place + 1 < len(known):
            following, until = known[place + 1]
        elif stage in UNFINISHED:
            following = list(REACHED)[list(REACHED).index(stage) + 1]
            until = since + timedelta(days=UNFINISHED[stage])
        else:
            return REACHED[stage]
        part = min(1.0, (day - since) / max(until - since, timedelta(days=1)))
        share = REACHED[stage] + (REACHED[following] - REACHED[stage]) * part
    return share

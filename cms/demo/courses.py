"""How each project of the city runs: type, trade, money, land and the days of its stages."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from cms.demo.days import CUTOFF
from crm.common.days.calendar import WorkCalendar
from projects.enums import STAGES, Stage

DATA = Path(__file__).resolve().parent / "data" / "city"
# Months and working days are walked back by calendar days.
MONTH, WORKDAY = 30.5, 1.45
# A lead may wait: so many times its typical time at most.
WAITING = {Stage.LEAD: 3.0, Stage.NEGOTIATING: 2.0}


@dataclass(frozen=True, slots=True)
class Course:
    """One project before it is entered: money in 万元, land in 亩 (0: a rented shed, an upgrade).

    `days` has the day on which each stage was reached, from lead to where it stands.
    """

    type: str
    kind: str
    trade: str
    new_company: bool
    invested: int
    land_mu: float
    matters: tuple[str, ...]
    usual: frozenset[str]
    days: dict[Stage, date]
    # What shows that a stage was reached.
    shown: dict[Stage, str]

    @property
    def stage(self) -> Stage:
        """Where the project stands on the day of the figures."""
        return list(self.days)[-1]


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the city's tables."""
    with (DATA / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def plan(rng: Random, wanted: int, calendar: WorkCalendar) -> list[Course]:
    """Draw the courses of so many projects, by the funnel of the types, oldest first."""
    stages = {(row["project_type"], row["stage"]): row for row in table("project_course")}
    slots = [
        (kind, stage)
        for kind in table("project_types")
        for stage in STAGES
        for _number in range(int(kind[f"n_{stage.value}"]))
    ]
    rng.shuffle(slots)
    made = [_course(rng, kind, stage, stages, calendar) for kind, stage in slots[:wanted]]
    return sorted(made, key=lambda course: course.days[Stage.LEAD])


def _course(
    rng: Random,
    kind: dict[str, str],
    stage: Stage,
    stages: dict[tuple[str, str], dict[str, str]],
    calendar: WorkCalendar,
) -> Course:
    name = kind["project_type"]
    rows = {one: stages[name, one.value] for one in STAGES}
    matters = [
        code
        for one in STAGES[: STAGES.index(stage) + 1]
        for code in rows[one]["approvals_applied"].split(";")
        if code
    ]
    invested = _amount(rng, kind)
    return Course(
        type=name,
        kind=kind["kind"],
        trade=rng.choice(kind["industries"].split(";")),
        new_company=rng.random() < int(kind["new_company_pct"]) / 100,
        invested=invested,
        land_mu=_land(rng, kind, invested),
        matters=tuple(dict.fromkeys(matters)),
        usual=frozenset(kind["usually_entrusted"].split(";")),
        days=_days(rng, stage, rows, calendar),
        shown={one: row["evidence"] for one, row in rows.items()},
    )


def _days(
    rng: Random, stage: Stage, rows: dict[Stage, dict[str, str]], calendar: WorkCalendar
) -> dict[Stage, date]:
    """Walk back from today: how long it has stood here, then how long the earlier stages took."""
    tempo = rng.uniform(0.85, 1.15)
    standing = _length(rng, rows[stage], tempo) or 60
    day = CUTOFF - timedelta(days=round(standing * rng.uniform(0.05, 0.9) * WAITING.get(stage, 1)))
    reached = [(stage, calendar.next_workday(day - timedelta(days=3)))]
    for before in reversed(STAGES[: STAGES.index(stage)]):
        day -= timedelta(days=_length(rng, rows[before], tempo))
        reached.append((before, calendar.next_workday(day - timedelta(days=3))))
    return dict(reversed(reached))


def _length(rng: Random, row: dict[str, str], tempo: float) -> int:
    """Return calendar days; the tempo never takes a stage below its least or above its most."""
    low, typical, high = (float(row[name]) for name in ("min", "typical", "max"))
    drawn = min(max(rng.triangular(low, high, typical) * tempo, low), high)
    return round(drawn * (MONTH if row["unit"] == "month" else WORKDAY))


def _amount(rng: Random, kind: dict[str, str]) -> int:
    low, middle, high = (int(kind[f"invest_{name}_wan"]) for name in ("min", "median", "max"))
    drawn = min(max(middle * rng.lognormvariate(0, 0.8), low * rng.uniform(1, 1.4)), high)
    step = 100 if drawn < 10_000 else 500
    return int(drawn // step * step)


def _land(rng: Random, kind: dict[str, str], invested: int) -> float:
    low, typical, high = (float(kind[f"wan_per_mu_{name}"]) for name in ("min", "typical", "max"))
    if not typical:
        return 0
    mu = invested * 0.83 / rng.triangular(low, high, typical)
    return round(min(max(mu, 8), 320), 1)


def funnel(courses: list[Course]) -> Iterator[tuple[Stage, int]]:
    """Say how many projects stand in each stage."""
    for stage in STAGES:
        yield stage, sum(1 for course in courses if course.stage == stage)
